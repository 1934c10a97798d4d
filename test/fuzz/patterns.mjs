// Random regular expressions as the argument of the validator "is": whether a pattern is one, and which texts it
// matches, against what the running Node.js says.  What is refused as not supported, or as too complex, is passed over.
import { connect, report } from '../lib/suite.mjs';

const CHARACTERS = [...'abABkKz019_- ,', '\n', '\r', '\u2028', 'é', 'É', 'ß', 'ſ', '\u212a', '😀', '😁', 'ǆ', 'ǅ', 'ς', 'σ', ']', '{', '}'];
const TEXTS = [...CHARACTERS, '\\', 'u', 'p', 'c', '5', '8', '\x01', '\b', '\x11', '\x1f'];
const ESCAPES = String.raw`d D w W s S n r t f v cA ca c1 c_ c x41 x4 u0041 u{41} u{1F600} ud83d\ude00 ud83d u00e9 101 1 2 3 12 377 400 8 k k<a> p - /
  . ] [ ( ) { } | \ ^ $ * q é _ a e m y Y A Z < > B b`.split(/\s+/).map((name) => `\\${name}`);
const QUANTIFIERS = ['*', '+', '?', '*?', '+?', '??', '{0}', '{2}', '{0,1}', '{1,2}', '{2,}', '{3,1}', '{,2}', '{2,3}?', '{1', '{2,300}'];
const BROKEN = ['(', ')', '(?', '(?<', '(?<a', '[', '*', '(?x)', '(?<1>a)'];
const FLAGS = ['', '', '', 'i', 'i', 'm', 's', 'u', 'u', 'y', 'im', 'su', 'mu', 'iy', 'g', 'd'];

class Patterns {
  constructor(random) {
    this.r = random;
  }

  classMember() {
    return this.r.call(() => this.r.one(CHARACTERS.filter((c) => c !== ']')), () => this.r.one(ESCAPES), () => this.r.one([...'[:.=-^()?*+|$', '[:alpha:']));
  }

  class() {
    const members = this.r.some(5, () => this.classMember() + (this.r.chance(0.25) ? `-${this.classMember()}` : ''));
    return `[${this.r.chance(0.3) ? '^' : ''}${members.join('')}]`;
  }

  // a name once: newer ones of V8 take it in several alternatives
  group(depth) {
    const name = this.names.shift();
    return this.r.call(
      () => `(${this.disjunction(depth)})`, () => `(?:${this.disjunction(depth)})`,
      () => `(?${this.r.one(['=', '!', '<=', '<!'])}${this.disjunction(depth)})`,
      ...(name ? [() => `(?<${name}>${this.disjunction(depth)})`] : []));
  }

  atom(depth) {
    const kind = this.r.next();
    if (kind < 0.4) return this.r.one(CHARACTERS);
    if (kind < 0.46) return '.';
    if (kind < 0.6) return this.r.one(ESCAPES);
    if (kind < 0.74) return this.class();
    if (kind < 0.8) return this.r.one(['^', '$', '\\b', '\\B']);
    if (kind > 0.985) return this.r.one(BROKEN);
    return depth > 0 ? this.group(depth - 1) : this.r.one(CHARACTERS);
  }

  disjunction(depth) {
    const alternative = () => this.r.some(4, () => this.atom(depth) + (this.r.chance(0.3) ? this.r.one(QUANTIFIERS) : '')).join('');
    return [alternative(), ...(this.r.chance(0.25) ? this.r.some(3, alternative) : [])].join('|');
  }

  make() {
    this.names = ['a', 'b', '_x', 'é1'];
    const source = this.disjunction(3);
    return this.r.chance(0.5) ? `^${source}$` : source;
  }

  // texts of few characters, and some that are much like the pattern
  texts(source) {
    const texts = Array.from({ length: 40 }, () => this.r.some(this.r.one([3, 7]), () => this.r.one(TEXTS)).join(''));
    for (let i = 0; i < 8; i++) texts.push(source.replace(/[\\()[\]?*+^$|{}]/g, () => (this.r.chance(0.7) ? '' : this.r.one(TEXTS))).slice(0, 12));
    return [...new Set(texts)].filter((text) => !/[\ud800-\udfff]/.test(text.replace(/[\ud800-\udbff][\udc00-\udfff]/g, '')));
  }
}

// Which of the texts V8 matches, or that the pattern is none.
function expected(source, flags, texts) {
  try {
    return texts.filter((text) => new RegExp(source, flags).test(text));
  } catch {
    return 'none';
  }
}

// The same of the validator; undefined where it cannot tell.
async function answered(client, source, flags, texts) {
  try {
    await client.query('UPDATE studentdir.model SET attributes = jsonb_set(attributes, \'{0,validate}\', $1) WHERE name = \'FzPattern\'',
      [JSON.stringify([{ name: 'is', args: [source, flags] }])]);
    await client.query('SELECT studentdir.bulk_create(\'FzPattern\', $1)', [JSON.stringify(texts.map((v) => ({ v })))]);
    return texts;
  } catch (error) {
    if (error.code === '23514') {
      const failed = new Set(JSON.parse(error.detail).map(({ value }) => value));
      return texts.filter((text) => !failed.has(text));
    }
    if (error.code !== '55000') throw error;
    return /not supported|too complex|too long|too often/.test(error.detail) ? undefined : 'none';
  }
}

export async function comparePatterns(random, n) {
  const client = await connect();
  const patterns = new Patterns(random);
  let problem;
  let told = 0;

  await client.query(`CREATE TABLE fz_patterns (v text);
    INSERT INTO studentdir.model (name, singular, plural, schema_name, table_name, attributes, options)
    VALUES ('FzPattern', 'FzPattern', 'FzPatterns', current_schema, 'fz_patterns', '[{"name":"v","type":"TEXT","field":"v"}]', '{}')`);
  for (let i = 0; i < n; i++) {
    const [source, flags] = [patterns.make(), random.one(FLAGS)];
    const texts = patterns.texts(source);
    const [wanted, found] = [expected(source, flags, texts), await answered(client, source, flags, texts)];
    if (found !== undefined) told++;
    if (found === undefined || JSON.stringify(found) === JSON.stringify(wanted)) continue;
    problem ??= `${JSON.stringify([source, flags])}\nV8:   ${JSON.stringify(wanted)}\nhere: ${JSON.stringify(found)}`;
  }
  report('patterns match what they match in JavaScript', problem ?? (told < n * 0.8 ? `only ${told} of ${n} could be told` : undefined));
  console.log(`${n} patterns compared`);
  await client.query('DELETE FROM studentdir.model WHERE name = \'FzPattern\'; DROP TABLE fz_patterns');
  await client.end();
}
