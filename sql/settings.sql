-- the settings of the extension: their defaults, what they take and what they refuse
LOAD 'studentdir';
SELECT name, setting, min_val, max_val, enumvals, context
FROM pg_settings WHERE name LIKE 'studentdir.%' ORDER BY name COLLATE "C";
SET studentdir.create_tables = 'sometimes';
SET studentdir.max_rows = -1;
SET studentdir.no_such_setting = 1;
