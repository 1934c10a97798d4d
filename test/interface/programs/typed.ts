import pg from 'pg';
import type { Schemas } from './models.js';

// The typed functions of a schema, called by name.
export function typed<S extends keyof Schemas>(pool: pg.Pool | pg.ClientBase, schema: S): Schemas[S] {
  return new Proxy({} as Schemas[S], {
    get: (_, name: string) => async (...args: unknown[]) => {
      const values = args.map((arg) => (typeof arg === 'object' && arg !== null ? JSON.stringify(arg) : arg));
      const places = values.map((_value, i) => `$${i + 1}`);
      const { rows, fields } = await pool.query(`SELECT * FROM ${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(name)}(${places})`, values);
      if (fields.length > 1) return rows;
      return fields[0]!.name === 'record' ? rows.map((row) => row.record) : rows[0][fields[0]!.name];
    },
  });
}
