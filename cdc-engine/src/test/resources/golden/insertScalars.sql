-- One row with a value of each common scalar type, one with their edges.
CREATE TABLE scalars (
    id bigint PRIMARY KEY, b boolean, i2 smallint, i4 integer, n numeric, n2 numeric(12, 2), f4 real, f8 double precision,
    t text, v varchar(20), c char(5), by bytea, d date, tm time, tmz timetz, ts timestamp, tz timestamptz, iv interval,
    u uuid, j json, jb jsonb, ip inet, p point, r int4range, bits bit varying(8), x xml, m money, l pg_lsn);
-- capture
INSERT INTO scalars VALUES (
    1, true, 2, 3, 4.50, 6.7, 1.5, 0.1, 'text', 'varchar', 'char', '\x00ff', '2026-01-02', '03:04:05.678901', '03:04:05+02',
    '2026-01-02 03:04:05.6', '2026-01-02 03:04:05.678901+02', '1 year 2 mons 3 days 04:05:06',
    'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '{"b" : [1, 2.50],
  "a": "x y", "a": null}', '{"b" : [1, 2.50], "a": "x y"}', '10.0.0.1/24', '(1,2.5)', '[1,10)', '1011', '<a>1</a>', '12.34',
    '0/16B3748');
INSERT INTO scalars VALUES (
    -9223372036854775808, false, -32768, 2147483647, 'NaN', -0.01, 'Infinity', 1e-300, E'quote " backslash \\ tab \t newline \n end',
    'ünï☃😀', '', '', '0044-03-15 BC', '24:00', '00:00-15:59', 'infinity', '-infinity', '-1 mons +2 days -00:00:00.000001',
    '00000000-0000-0000-0000-000000000000', 'null', '"\u2603"', '::1', '(Infinity,-0)', 'empty', '', '', '-0.01', 'FFFFFFFF/FFFFFFFF');
INSERT INTO scalars (id, n, ts, d) VALUES (3, 12345678901234567890123456789.000000000000000000001, '294276-12-31 23:59:59.999999', 'infinity');
