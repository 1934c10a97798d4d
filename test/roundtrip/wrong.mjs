// Values that a type does not take, of every JSON type, in every place where a value can stand: what is
// refused is refused with an error of class 22, 42 or the like that says where in the document the value is.
import { test } from '../lib/suite.mjs';

const values = [{}, { a: 1 }, { $x: 1 }, { one: {} }, [], [1], [null], [[{}]], ['x', ['y']], [1, 2, 3], [{ value: {} }, 'x'], true, 0, -1, 1.5, 1e300, '', 'x',
  '\u0001', '{', '{1', '[1,', '(', '{}}', '\\x0', '\\xzz', 'aGk', '=', 'NaN', 'infinity', '99999999999999999999', '-1e5000', '2026-13-45', '25:61', 'now()', 'a'.repeat(300),
  '2026-01-01T00:00:00 Nowhere/Atall', "'", '"', '$', '$.', '<', '&', 'pg_nope', 'not.a.thing', 'regtype[', '1.2.3', '(1,2', 'é漢😀'.repeat(20)];

// By place: the call, and how the path of the value begins.
const places = (name) => [
  ['create', (v) => ['create', 'Trip', { id: 8000, [name]: v }], name],
  ['update', (v) => ['update', 'Trip', { [name]: v }, { where: { id: 0 } }], name],
  ['bulk_create', (v) => ['bulk_create', 'Trip', [{ id: 8000 }, { id: 8001, [name]: v }]], `data[1].${name}`],
  ['bulk_update', (v) => ['bulk_update', 'Trip', [{ id: 0, [name]: v }]], `data[0].${name}`],
  ['upsert', (v) => ['upsert', 'Trip', { id: 8000, [name]: v }], name],
  ['find_or_create', (v) => ['find_or_create', 'Trip', { where: { id: 8000 }, defaults: { [name]: v } }], `defaults.${name}`],
  ['where', (v) => ['count', 'Trip', { where: { [name]: v } }], `where.${name}`],
  ['$eq', (v) => ['count', 'Trip', { where: { [name]: { $eq: v } } }], `where.${name}.$eq`],
  ['$in', (v) => ['count', 'Trip', { where: { [name]: { $in: [v] } } }], `where.${name}.$in`],
  ['$notIn', (v) => ['count', 'Trip', { where: { $or: [{ [name]: { $notIn: [v, v] } }] } }], `where.$or[0].${name}.$notIn`],
  ['$gt', (v) => ['count', 'Trip', { where: { [name]: { $gt: v } } }], `where.${name}.$gt`],
  ['$between', (v) => ['count', 'Trip', { where: { [name]: { $between: [v, v] } } }], `where.${name}.$between`],
  ['after', (v) => ['find_all', 'Trip', { order: [name], limit: 1, after: { [name]: v, id: 0 } }], `after.${name}`],
];

export async function refusals(client, entry, columns) {
  const calls = [];
  for (const name of columns) {
    for (const [place, call, path] of places(name)) {
      for (const value of values) calls.push({ place, path, arguments: call(name === 'list' ? [value] : name === 'row' ? { one: value } : value) });
    }
  }
  for (const value of values) {
    calls.push({ place: 'default', path: 'attributes.v.defaultValue', arguments: ['define', 'Tried', { v: { type: entry.type, defaultValue: value } }] });
  }
  const { rows } = await client.query({ text: 'SELECT * FROM pg_temp.refusal($1::jsonb[])', values: [calls.map(({ arguments: a }) => JSON.stringify(a))], rowMode: 'array' });
  for (const [i, code, message, detail] of rows) {
    const { place, path, arguments: asked } = calls[i - 1];
    const known = ['0A', '22', '23', '42', '3F'].includes(code.slice(0, 2)) && code !== '42601';
    // an order of values that have none is refused before what "after" says is read
    const named = `${message}\n${detail}`.includes(path) || (place === 'after' && /^(order\[0\]|after: expected "order")/.test(message));
    if (known && named) continue;
    await test(`${entry.type}: ${place} of ${JSON.stringify(asked).slice(0, 300)}`, () => { throw new Error(`${code}: ${message} ${detail}`); });
    return false;
  }
  return true;
}

// Calls the functions of studentdir with these arguments, undoes what they do, and gives what is refused.
export const refusalFunction = `CREATE FUNCTION pg_temp.refusal(calls jsonb[]) RETURNS TABLE(n integer, code text, message text, detail text) LANGUAGE plpgsql AS $$
DECLARE call text;
BEGIN
  FOR i IN 1 .. cardinality(calls) LOOP
    BEGIN
      n := i;
      SELECT format('SELECT studentdir.%s(%s)', calls[i]->>0, string_agg(CASE jsonb_typeof(value) WHEN 'string' THEN quote_literal(value #>> '{}') ELSE quote_literal(value) END, ', ' ORDER BY ordinality))
        INTO call FROM jsonb_array_elements(calls[i] - 0) WITH ORDINALITY;
      EXECUTE call;
      RAISE EXCEPTION USING errcode = 'ROUND';
    EXCEPTION WHEN OTHERS THEN
      GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
      IF code <> 'ROUND' THEN RETURN NEXT; END IF;
    END;
  END LOOP;
END $$`;
