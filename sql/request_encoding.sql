-- Requests in databases that are not UTF-8: URLs are, whatever the database's encoding is.
\set ECHO all
\pset format unaligned
\pset tuples_only on
SELECT current_database() AS regression \gset
CREATE DATABASE sd_latin1 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' LOCALE_PROVIDER libc TEMPLATE template0;
CREATE DATABASE sd_ascii ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' LOCALE_PROVIDER libc TEMPLATE template0;

-- what the encoding has is converted, and the rest is the client's fault
\c sd_latin1
SET client_min_messages = warning;
CREATE EXTENSION studentdir;
SET client_encoding = 'UTF8';
SELECT status FROM studentdir.request('POST', '/students', '{"name":"Zoë"}');
SELECT * FROM studentdir.request('GET', '/students?attributes=name&name=Zo%C3%AB');
SELECT * FROM studentdir.request('GET', '/students?attributes=name&name=Zoë');
SELECT * FROM studentdir.request('GET', '/students?name=%E2%82%AC');
SELECT * FROM studentdir.request('GET', '/students?name=Zo%EB');
SELECT * FROM studentdir.request('GET', '/students?name=Zo%ë');
SELECT * FROM studentdir.request('GET', '/%E2%82%AC');

-- bytes of any kind are stored, but no URL has them
\c sd_ascii
SET client_min_messages = warning;
CREATE EXTENSION studentdir;
SELECT status FROM studentdir.request('POST', '/students', '{"name":"Zoë"}');
SELECT * FROM studentdir.request('GET', '/students?attributes=name&name=Zo%C3%AB');
SELECT * FROM studentdir.request('GET', E'/students?name=Zo\xEB');
SELECT * FROM studentdir.request('GET', '/students?name=Zo%EB');
SELECT * FROM studentdir.request(E'G\xEBT', '/students');

\c :"regression"
DROP DATABASE sd_latin1;
DROP DATABASE sd_ascii;
