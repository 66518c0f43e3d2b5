-- Types that are not built in: their structure comes from the catalog.
CREATE EXTENSION hstore;
CREATE TYPE mood AS ENUM ('sad', 'it''s "ok"', 'happy');
CREATE DOMAIN price AS numeric CHECK (value >= 0);
CREATE DOMAIN moods AS mood[];
CREATE TYPE address AS (street text, "zip code" int, since date);
CREATE TYPE person AS (name text, home address, feels mood);
CREATE TYPE price_range AS RANGE (subtype = numeric);
CREATE TABLE things (
    id int PRIMARY KEY, m mood, p price, ms moods, a address, people person[], h hstore, pr price_range, prices price[], matrix int[]);
-- capture
INSERT INTO things VALUES (
    1, 'happy', 9.90, '{sad,happy}', ROW ('Main "Street", 1', 12345, '2026-01-02'),
    ARRAY[ROW ('Ann', ROW ('x', NULL, NULL), 'it''s "ok"')::person, ROW (NULL, NULL, NULL)::person],
    'a => 1, "b c" => NULL, "q\"" => "{}"', '[1.5,2)', '{1.0,NULL}', '{{1,2},{3,4}}');
UPDATE things SET m = NULL, a = NULL, h = '', people = '{}' WHERE id = 1;
DELETE FROM things;
