// Whatever stands in a schema before pg_catalog in the search_path is not called: functions, operators, types
// and operator classes of the names of PostgreSQL's own are planted there, each of which fails when it is used.
// The conformance vectors run under that search_path, and definitions, migrations and imports.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { column, connect, finish, test } from '../lib/suite.mjs';

process.chdir(fileURLToPath(new URL('../..', import.meta.url)));
const PATH = 'traps, pg_catalog, public';
const client = await connect();

// Plants what statements generate; those of types that nobody can write a function for are left out.
async function plant(statements) {
  let planted = 0;
  for (const statement of await column(client, statements)) {
    try {
      await client.query(`SAVEPOINT one; ${statement}; RELEASE one`);
      planted++;
    } catch {
      await client.query('ROLLBACK TO one');
    }
  }
  return planted;
}

await test('traps are planted', async () => {
  await client.query('BEGIN; CREATE SCHEMA traps');
  const functions = await plant(`SELECT format('CREATE FUNCTION traps.%I(%s) RETURNS %s LANGUAGE plpgsql %s AS $f$ BEGIN RAISE EXCEPTION ''trapped: %s''; END $f$',
      proname, pg_get_function_identity_arguments(oid), CASE WHEN proretset THEN 'SETOF ' ELSE '' END || format_type(prorettype, NULL),
      CASE provolatile WHEN 'i' THEN 'IMMUTABLE' WHEN 's' THEN 'STABLE' ELSE 'VOLATILE' END, replace(proname, '''', ''))
    FROM pg_proc p WHERE pronamespace = 'pg_catalog'::regnamespace AND prokind = 'f' AND provariadic = 0 AND proallargtypes IS NULL
      AND NOT EXISTS (SELECT FROM unnest(proargtypes || prorettype) t JOIN pg_type ON pg_type.oid = t WHERE typtype = 'p' AND typname !~ '^any' OR typname = 'cstring')`);
  assert(functions > 1500, `${functions} functions`);
  const operators = await plant(`SELECT format('CREATE FUNCTION traps.%I(a %s, b %s) RETURNS %s LANGUAGE plpgsql IMMUTABLE AS $f$ BEGIN RAISE EXCEPTION ''trapped: operator %s''; END $f$;'
      ' CREATE OPERATOR traps.%s (LEFTARG = %s, RIGHTARG = %s, FUNCTION = traps.%I)', 'trap_' || oid, format_type(oprleft, NULL), format_type(oprright, NULL),
      format_type(oprresult, NULL), oprname, oprname, format_type(oprleft, NULL), format_type(oprright, NULL), 'trap_' || oid)
    FROM pg_operator o WHERE oprnamespace = 'pg_catalog'::regnamespace AND oprkind = 'b'`);
  assert(operators > 500, `${operators} operators`);
  const types = await plant(`SELECT format('CREATE DOMAIN traps.%I AS boolean CHECK (false)', typname) FROM pg_type
    WHERE typnamespace = 'pg_catalog'::regnamespace AND typtype = 'b' AND typname !~ '^_|^pg_|^reg'`);
  assert(types > 40, `${types} types`);
  await plant(`SELECT format('CREATE OPERATOR CLASS traps.%I FOR TYPE int4 USING btree AS FUNCTION 1 btint4cmp(int4, int4)', opcname)
    FROM pg_opclass WHERE opcname ~ 'text' LIMIT 20`);
  await client.query('COMMIT');
  await client.query('GRANT USAGE ON SCHEMA traps TO PUBLIC');
});

await test('a trap is one', async () => {
  await client.query(`SET search_path = ${PATH}`);
  await assert.rejects(client.query("SELECT lower('x')"), /trapped: lower/);
  await assert.rejects(client.query('SELECT 1 = 1'), /trapped: operator =/);
  await assert.rejects(client.query("SELECT 'x'::text"), /check constraint|invalid input/);
});

const call = async (sql, ...values) => (await client.query({ text: `SELECT ${sql}`, values })).rows.map((row) => Object.values(row)[0]);

await test('definitions and migrations run past them', async () => {
  await client.query(`SET search_path = ${PATH}; SET client_min_messages = warning`);
  const define = (definition, options = {}) =>
    call('studentdir.define($1, $2, $3)', 'Trap', JSON.stringify(definition), JSON.stringify({ tableName: 'trap_table', ...options }));
  const done = async (what) => {
    const [name] = await call('studentdir.migration_generate($1, $2)', what, '{"drop":true}');
    assert.notEqual(name, null);
    await call('studentdir.migrate()');
    assert.deepEqual(await call("change FROM studentdir.diff('{\"drop\":true}')"), []);
  };
  await define({ title: { type: 'STRING', unique: true, validate: { len: [1, 9], notEmpty: true } }, state: { type: "ENUM('a','b')", defaultValue: 'a' }, at: 'DATE' },
    { version: 'v', paranoid: true, indexes: [{ fields: ['title'], where: { state: { $in: ['a', 'b'] }, at: { $gt: '2026-01-01' } } },
      { fields: [{ attribute: 'title', operator: 'text_pattern_ops', collate: 'C' }] }] });
  await call("studentdir.belongs_to('Trap', 'User')");
  await done('one');
  await client.query("CREATE INDEX trap_expr ON public.trap_table (pg_catalog.lower(title)) WHERE state OPERATOR(pg_catalog.=) 'a'");
  await client.query('ALTER TABLE public.trap_table ADD COLUMN d pg_catalog.text DEFAULT pg_catalog.upper(\'x\')');
  await define({ title: 'TEXT', state: { type: "ENUM('a','b','c')", defaultValue: 'c' }, count: { type: 'INTEGER', allowNull: false, defaultValue: 3 } });
  await done('two');
  await call('studentdir.migrate_undo()');
  await call('studentdir.migrate_undo()');
  await call("studentdir.undefine('Trap')");
  await client.query('DELETE FROM studentdir.migration WHERE name OPERATOR(pg_catalog.~) \'(one|two)$\'');
});

await test('so do import, export, sync, lint and scripts', async () => {
  await client.query(`SET search_path = ${PATH}`);
  await client.query('CREATE TABLE public.trap_people (id int4 PRIMARY KEY)'.replace('int4', 'pg_catalog.int4'));
  await client.query('CREATE TABLE public.trap_pets (id pg_catalog.int4 PRIMARY KEY, person_id pg_catalog.int4 REFERENCES public.trap_people, name pg_catalog.text)');
  await call('studentdir.import($1)', '{"tables":["trap\\\\_%"],"expose":true}');
  assert.deepEqual(await call('change FROM studentdir.diff()'), []);
  await call('studentdir.export()');
  await call('studentdir.sync()');
  await call("studentdir.migration_create('20260101000000-trap', 'CREATE TABLE public.trap_new (); DROP TABLE public.trap_new')");
  await call('studentdir.migrate_script()');
  await call('studentdir.migrate()');
  await call('studentdir.migration_status()');
  await call("studentdir.request('GET', '/trap-pets?name=x&include=TrapPerson')");
  await call("studentdir.undefine('TrapPet')");
  await call("studentdir.undefine('TrapPerson')");
  await client.query('DROP TABLE public.trap_pets, public.trap_people');
});
await client.end();

await test('the conformance vectors run past them', () => {
  const run = spawnSync('node', ['test/conformance/run.mjs'], { encoding: 'utf8', env: { ...process.env, SD_SEARCH_PATH: PATH } });
  const last = run.stdout.trim().split('\n').at(-1);
  assert.match(last, /^[1-9]\d* passed, 0 failed$/, run.stdout.slice(0, 4000) + run.stderr.slice(0, 1000));
});
finish();
