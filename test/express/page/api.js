// The server's answers, and what can go wrong with them.

export class Failure extends Error {
  // items: what validation says, each with the attribute in "path"; status: that of HTTP, 0 without an answer.
  constructor(message, status, items = []) {
    super(message);
    this.status = status;
    this.items = items;
  }
}

const SECONDS = 10;

// Sends a request and returns the JSON of its answer, undefined where there is none; a Failure for any
// status but 2xx, and for a server that is gone or silent.
export async function api(method, path, body) {
  let response;
  let text;
  try {
    response = await fetch(path, {
      method,
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(SECONDS * 1000),
    });
    text = await response.text();
  } catch {
    throw new Failure('The server does not answer.', 0);
  }
  let answer;
  try {
    answer = text === '' ? undefined : JSON.parse(text);
  } catch {
    throw new Failure('The server sent something that is no JSON.', response.status);
  }
  if (!response.ok) throw new Failure(answer?.error ?? response.statusText, response.status, answer?.errors);
  return answer;
}
