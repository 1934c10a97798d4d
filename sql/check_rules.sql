-- What CHECK constraints become when a table is imported: rules that say the same of every value.  A constraint that
-- cannot be said so is left to the database.
\set SHOW_CONTEXT never
CREATE SCHEMA cr;
SET search_path = cr, public;
CREATE TABLE checked (id integer PRIMARY KEY,
  turned integer CHECK (5 < turned AND 9 >= turned), turned_equal numeric CHECK (1.5 <= turned_equal AND 9.25 >= turned_equal),
  strict bigint CHECK (strict > 1 AND strict < 9), large bigint CHECK (large < 9223372036854775807), fraction numeric CHECK (fraction > 0.5), mixed numeric CHECK (mixed > 1),
  nan double precision CHECK (nan < 'NaN'), listed integer CHECK (listed IN (1, 2, -3)), one text CHECK (one IN ('a "b"', E'c\nd')), literal integer CHECK (literal = ANY ('{4,5}'::integer[])),
  words varchar(9) CHECK (words = ANY ('{x,"y z"}'::text[])), no_list integer CHECK (no_list = ANY ('{}'::integer[])), null_list integer CHECK (null_list IN (1, NULL)), null_literal integer CHECK (null_literal = ANY ('{1,NULL}'::integer[])),
  all_of integer CHECK (all_of <> ALL (ARRAY[1, 2])), other integer CHECK (other + 1 IN (1, 2)),
  pattern text CHECK (pattern ~ '^[A-Z][^0-9]\d+\.(x|y)$'), reversed text CHECK ('abc' ~ reversed), lookahead text CHECK (lookahead ~ 'a(?=b)'), lazy text CHECK (lazy ~ 'a+?b'), escape text CHECK (escape ~ '\mword'),
  class text CHECK (class ~ '[[:alpha:]]'), in_class text CHECK (in_class ~ '[\d]'), bracket text CHECK (bracket ~ '[]a]'), director text CHECK (director ~ '***=a.b'), wide text CHECK (wide ~ 'ü'), last_backslash text CHECK (last_backslash ~ E'a\\\\'),
  either integer CHECK (either = 1 OR either = 2), "not" boolean CHECK (NOT "not"), same integer CHECK (same = 4), shorter text CHECK (9 > length(shorter) AND 2 < char_length(shorter)), octets text CHECK (octet_length(octets) < 5),
  dot text CHECK (dot ~ '^a.[.]\.b$'), padded char(4) CHECK (padded IN ('a', 'bc')), padded_pattern char(4) CHECK (padded_pattern ~ '^x$'), padded_length char(4) CHECK (length(padded_length) < 3), day date CHECK (day > '2026-01-01'), called integer CHECK (abs(called) < 5));
\pset format unaligned
\pset tuples_only on
SELECT key || ': ' || (value ->> 'validate') FROM studentdir.introspect('{"schemas": ["cr"]}'), json_each(attributes) WHERE value ->> 'validate' IS NOT NULL;
SELECT unnest(notes) FROM studentdir.introspect('{"schemas": ["cr"]}');

-- create refuses just the values that the table refuses, and takes back what it has answered
-- of an empty list not even null is one
ALTER TABLE checked DROP CONSTRAINT checked_no_list_check;
CREATE TABLE samples (attribute text, field text, given text);
INSERT INTO samples SELECT column1, coalesce(column2, column1), unnest(column3) FROM (VALUES
  ('turned', NULL, '{5,6,9,10,-7}'::text[]), ('turnedEqual', 'turned_equal', '{1.4999,1.5,9.25,9.2501}'), ('strict', NULL, '{1,2,8,9}'), ('large', NULL, '{9223372036854775806,9223372036854775807}'),
  ('fraction', NULL, '{0.5,0.50001}'), ('listed', NULL, '{1,2,-3,3,0}'), ('one', NULL, ARRAY['a "b"', E'c\nd', 'a', '']), ('literal', NULL, '{4,5,6}'), ('words', NULL, '{x,"y z",y}'),
  ('pattern', NULL, ARRAY['Ab12.x', E'A\n1.y', 'Ab.x', 'Ab1.z', 'Ab1xx', E'Ab1.x\n', 'aAb1.x']), ('dot', NULL, ARRAY['ax..b', E'a\n..b', E'a\r..b', 'a..b', 'ax..bb', 'ax,.b', 'ax.,b']),
  ('lastBackslash', 'last_backslash', ARRAY['a\', 'a']), ('shorter', NULL, ARRAY['ab', 'abc', 'abcdefgh', 'abcdefghi', 'äöü', E'\U0001F600\U0001F600', E'\U0001F600\U0001F600\U0001F600']),
  ('padded', NULL, ARRAY['a', 'a   ', 'bc', 'b']), ('paddedPattern', 'padded_pattern', ARRAY['x', 'xx']), ('paddedLength', 'padded_length', ARRAY['x', 'x   ', 'abc'])) AS v;
SELECT model, action FROM studentdir.import('{"schemas": ["cr"], "tables": ["checked"]}');
CREATE FUNCTION pg_temp.said(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE answer text;
BEGIN
  EXECUTE statement INTO answer;
  RAISE SQLSTATE 'OK000' USING MESSAGE = answer;
EXCEPTION WHEN SQLSTATE 'OK000' THEN RETURN SQLERRM;
WHEN check_violation THEN RETURN 'refused';
END $$;
CREATE TABLE outcomes AS SELECT *, pg_temp.said(format('INSERT INTO cr.checked (id, %I) VALUES (1, %L) RETURNING 1', field, given)) = '1' AS by_table,
  pg_temp.said(format('SELECT studentdir.create(%L, %L)', 'Checked', json_build_object('id', 1, attribute, given))) AS answer FROM samples;
SELECT attribute, given, by_table, answer FROM outcomes WHERE by_table <> (answer <> 'refused');
SELECT attribute, given, answer FROM outcomes, pg_temp.said(format('SELECT studentdir.create(%L, %L)', 'Checked', answer)) AS again WHERE answer <> 'refused' AND again <> answer;
SELECT count(*) FILTER (WHERE by_table), count(*) FILTER (WHERE NOT by_table) FROM outcomes;
SELECT studentdir.undefine('Checked') IS NOT NULL;
-- digits of other scripts, where ICU says what is one; without it there is nothing to see
CREATE TABLE digits (id integer, d text COLLATE "C" CHECK (d ~ '^\d$'));
DO $$ BEGIN
  EXECUTE 'CREATE TABLE cr.icu (id integer, d text COLLATE "und-x-icu" CHECK (d ~ E''^\\d$''))';
  EXCEPTION WHEN undefined_object THEN CREATE TABLE cr.icu (id integer, d text CHECK (false));
END $$;
SELECT table_name, attributes -> 'd' ->> 'validate' FROM studentdir.introspect('{"schemas": ["cr"], "tables": ["digits", "icu"]}') ORDER BY 1;
SET client_min_messages = warning;
DROP SCHEMA cr CASCADE;
