-- users by their key, posts with their user; everything else is a reference table
SET LOCAL citus.multi_shard_modify_mode = 'sequential';
ALTER TABLE users DROP CONSTRAINT users_email_key;
ALTER TABLE posts DROP CONSTRAINT posts_user_id_fkey;
DO $$ DECLARE c record; BEGIN
  FOR c IN SELECT conrelid::regclass AS t, conname FROM pg_constraint WHERE confrelid IN ('users'::regclass, 'posts'::regclass) LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', c.t, c.conname);
  END LOOP;
END $$;
ALTER TABLE posts DROP CONSTRAINT posts_pkey;
CREATE INDEX ON posts (id);
SELECT create_distributed_table('users', 'id');
SELECT create_distributed_table('posts', 'user_id', colocate_with => 'users');
SELECT create_reference_table(t::regclass) FROM unnest(ARRAY['students', 'profiles', 'tags', 'courses', 'comments', 'post_tags', 'enrollments',
  'employees', 'items', 'handles', 'attachments', 'notes', 'ledgers', '"AppSettings"', 'countries', 'cities', 'tickets', 'forms', 'signups']) AS t
  WHERE to_regclass(t) IS NOT NULL;
SELECT studentdir.reset_sequence(m.name) FROM studentdir.model AS m WHERE EXISTS (SELECT FROM pg_attribute AS a
  WHERE a.attrelid = format('%I.%I', m.schema_name, m.table_name)::regclass AND a.attidentity <> '');
