// Errors in the form of the specification: {"errors":{"email":["is invalid"]}}.

export const invalid = (status, path, message) => Object.assign(new Error(`${path} ${message}`), { status, errors: { [path]: [message] } });

// What an error of the database is for the client: [status, errors].
function translate(error) {
  const code = error.code ?? '';
  // what validation found, all of it, a value that is taken, or a key that leads to no record
  const items = code.startsWith('23') && error.detail?.startsWith('[') ? JSON.parse(error.detail) : [];
  // of keys a request has the reader's own, and that of what it is about
  if (code === '23503' && items.some(({ path }) => path === 'author' || path === 'records')) return [401, { body: ['is only for users who are signed in'] }];
  if (code === '23503') return [404, { body: ['not found'] }];
  if (items.length > 0) {
    const errors = {};
    for (const { path, message } of items) (errors[path] ??= []).push(message);
    return [422, errors];
  }
  // a value of another type, or too long
  if (code.startsWith('22') || code.startsWith('23')) return [422, { body: [error.message] }];
  return [500, { body: ['server error'] }];
}

export function showError(error, req, res, next) {
  // an error of ours, or of Express, which could not read the request
  const [status, errors] = error.errors ? [error.status, error.errors]
    : error.status >= 400 && error.status < 500 ? [error.status, { body: [error.message] }]
    : translate(error);
  if (status === 500) console.error(error);
  res.status(status).json({ errors });
}
