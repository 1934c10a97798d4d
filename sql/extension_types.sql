-- A type belongs to an extension where the extension has made it: one that is called so is another type.
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE SCHEMA et_planted;
CREATE SCHEMA et_home;
CREATE DOMAIN et_planted.citext AS integer;
CREATE TABLE et_planted.hstore (id integer);
SET LOCAL search_path = et_planted, public;
SELECT json_typeof(studentdir.define('EtWord', '{"word":"CITEXT","words":"ARRAY(CITEXT)","more":"HSTORE"}', '{"timestamps":false,"schema":"public"}'));
SELECT studentdir.create_table_sql('EtWord');
CREATE EXTENSION citext SCHEMA et_home;
SELECT studentdir.create_table_sql('EtWord');
ROLLBACK;
