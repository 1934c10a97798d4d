-- the settings of the extension: their defaults, what they take and what they refuse
LOAD 'studentdir';
-- (kilobytes reach as far as the server's own settings of memory, which a 32-bit one has less of)
SELECT name, setting, min_val, CASE WHEN unit = 'kB' AND max_val = (SELECT max_val FROM pg_settings WHERE name = 'maintenance_work_mem') THEN 'all' ELSE max_val END AS max_val, enumvals, context
FROM pg_settings WHERE name LIKE 'studentdir.%' ORDER BY name COLLATE "C";
SET studentdir.create_tables = 'sometimes';
SET studentdir.max_rows = -1;
SET studentdir.no_such_setting = 1;
