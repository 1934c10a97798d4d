-- every table of the vectors is a reference table
SET LOCAL citus.multi_shard_modify_mode = 'sequential';
CREATE FUNCTION pg_temp.vectors() RETURNS SETOF text LANGUAGE sql AS $$
  SELECT format('%I', name) FROM unnest(ARRAY['users', 'posts', 'students', 'profiles', 'tags', 'courses', 'comments', 'post_tags', 'enrollments',
    'employees', 'items', 'handles', 'attachments', 'notes', 'ledgers', 'AppSettings', 'countries', 'cities', 'tickets', 'forms', 'signups']) AS name
  WHERE to_regclass(format('%I', name)) IS NOT NULL
$$;
SELECT create_reference_table(t::regclass) FROM pg_temp.vectors() AS t;
-- Citus gives identity columns sequences that begin at 1
SELECT studentdir.reset_sequence(m.name) FROM studentdir.model AS m WHERE EXISTS (SELECT FROM pg_attribute AS a
  WHERE a.attrelid = format('%I.%I', m.schema_name, m.table_name)::regclass AND a.attidentity <> '');
