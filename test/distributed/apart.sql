-- every table by its own key, or by a column of it: nothing is colocated by what associations match
SET LOCAL citus.multi_shard_modify_mode = 'sequential';
CREATE FUNCTION pg_temp.apart(t regclass) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  c record;
  dist name := (SELECT a.attname FROM pg_constraint AS k JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
              WHERE k.conrelid = t AND k.contype = 'p');
BEGIN
  FOR c IN SELECT conrelid::regclass AS t, conname FROM pg_constraint WHERE contype = 'f' AND (confrelid = t OR conrelid = t)
      UNION SELECT conrelid::regclass, k.conname FROM pg_constraint AS k JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attname = dist
      WHERE k.conrelid = t AND k.contype = 'u' AND a.attnum <> ALL (k.conkey) LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS %I CASCADE', c.t, c.conname);
  END LOOP;
  FOR c IN SELECT i.indexrelid::regclass AS name FROM pg_index AS i JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attname = dist
      WHERE i.indrelid = t AND i.indisunique AND NOT i.indisprimary AND a.attnum <> ALL (i.indkey::int2[]) LOOP
    EXECUTE format('DROP INDEX %s', c.name);
  END LOOP;
  PERFORM create_distributed_table(t, dist, colocate_with => 'none');
END $$;
SELECT pg_temp.apart(t::regclass) FROM unnest(ARRAY['users', 'posts', 'students', 'profiles', 'tags', 'courses', 'comments', 'post_tags', 'enrollments',
  'employees', 'items', 'handles', 'attachments', 'notes', 'ledgers', '"AppSettings"', 'countries', 'cities', 'tickets', 'forms', 'signups']) AS t
  WHERE to_regclass(t) IS NOT NULL;
SELECT studentdir.reset_sequence(m.name) FROM studentdir.model AS m WHERE EXISTS (SELECT FROM pg_attribute AS a
  WHERE a.attrelid = format('%I.%I', m.schema_name, m.table_name)::regclass AND a.attidentity <> '');
