-- every table of the vectors is a reference table
SELECT create_reference_table(format('%I', name)::regclass) FROM unnest(ARRAY['users', 'posts', 'students', 'profiles', 'tags', 'courses',
  'comments', 'post_tags', 'enrollments', 'employees', 'items', 'handles', 'attachments', 'notes', 'ledgers', 'AppSettings', 'countries', 'cities',
  'tickets', 'forms', 'signups']) AS name WHERE to_regclass(format('%I', name)) IS NOT NULL;
