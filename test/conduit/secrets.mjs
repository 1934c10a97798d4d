// Passwords and tokens: Node's own scrypt, and JSON Web Tokens.
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import jwt from 'jsonwebtoken';

const BYTES = 32;
const derive = promisify(scrypt);

export async function hash(password) {
  const salt = randomBytes(16);
  return `${salt.toString('base64')}:${(await derive(password, salt, BYTES)).toString('base64')}`;
}

const nobody = await hash(randomBytes(16).toString('hex'));

// Whether the password has this hash.  Without one it takes as long, so that the time does not tell who is there.
export async function verify(password, stored = nobody) {
  if (typeof password !== 'string') return false;
  const [salt, expected] = stored.split(':').map((part) => Buffer.from(part, 'base64'));
  const derived = await derive(password, salt, BYTES);
  return timingSafeEqual(derived, expected);
}

export const signToken = (id, secret) => jwt.sign({ id }, secret, { algorithm: 'HS256', expiresIn: '60d' });

// "Authorization: Token …": req.me is the reader's id, null for nobody; a token that is not valid is 401.
export const readToken = (secret) => (req, res, next) => {
  const [, token] = /^(?:Token|Bearer) +(\S+)$/i.exec(req.headers.authorization ?? '') ?? [];
  req.me = null;
  if (token === undefined) return next();
  try {
    const { id } = jwt.verify(token, secret, { algorithms: ['HS256'] });
    if (!Number.isSafeInteger(id)) throw new Error('no id');
    req.me = id;
  } catch {
    return res.status(401).json({ errors: { body: ['the token is not valid'] } });
  }
  next();
};
