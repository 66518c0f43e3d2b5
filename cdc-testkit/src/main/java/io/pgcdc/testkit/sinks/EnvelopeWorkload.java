package io.pgcdc.testkit.sinks;

import java.util.List;

/** Keys, replica identities, and all kinds of changes. */
public final class EnvelopeWorkload {

    public static final List<String> TABLES = List.of(
            "CREATE TABLE one_key (id int PRIMARY KEY, a text, b text, c numeric(10,2))",
            "CREATE TABLE two_keys (x text, id int, a text, PRIMARY KEY (id, x))",
            "CREATE TABLE no_key (a int, b text)",
            "CREATE TABLE full_row (id int PRIMARY KEY, a text, b text)",
            "ALTER TABLE full_row REPLICA IDENTITY FULL",
            "CREATE TABLE full_no_key (id int, a text, b text)",
            "ALTER TABLE full_no_key REPLICA IDENTITY FULL",
            "CREATE TABLE by_index (id int, u int NOT NULL, v text NOT NULL, w text, UNIQUE (u, v))",
            "ALTER TABLE by_index REPLICA IDENTITY USING INDEX by_index_u_v_key",
            "CREATE TABLE nothing_old (id int PRIMARY KEY, w text)",
            "ALTER TABLE nothing_old REPLICA IDENTITY NOTHING",
            "CREATE TABLE key_unknown (id xid, a int PRIMARY KEY, b xid)",
            "CREATE SCHEMA \"Odd é\"",
            "CREATE TABLE \"Odd é\".\"My \uD83D\uDC18\" (\"Id\" int PRIMARY KEY, \"ä b\" text, \"a.b\" text, \"1\"\"x\" int)",
            "CREATE TABLE not_null (id int PRIMARY KEY, a text NOT NULL, b int NOT NULL DEFAULT 7, c text DEFAULT 'x',"
                    + " m mood DEFAULT 'sad', ms mood[])",
            "CREATE TABLE parts (id int, a text, PRIMARY KEY (id)) PARTITION BY RANGE (id)",
            "CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (10)",
            "CREATE TABLE dropped (id int PRIMARY KEY, a int, b int, c int)",
            "ALTER TABLE dropped DROP COLUMN b",
            "CREATE TABLE renamed (id int PRIMARY KEY, a int)",
            "CREATE TABLE toast (id int PRIMARY KEY, n int, tx text, vc varchar, bb bytea, js json, jb jsonb, xm xml, ct citext,"
                    + " lt ltree, tsv tsvector, bp bpchar, hs hstore, num numeric, vb varbit, nr numrange, dt d_text,"
                    + " t_text text[], t_vc varchar[], t_char char(3)[], t_i2 int2[], t_i4 int4[], t_i8 int8[], t_oid oid[],"
                    + " t_num numeric[], t_f4 float4[], t_f8 float8[], t_b bool[], t_d date[], t_t time[], t_ts timestamp[],"
                    + " t_tz timestamptz[], t_u uuid[], t_jb jsonb[], t_by bytea[], t_in inet[], t_mood mood[], t_hs hstore[],"
                    + " t_ct citext[], t_lt ltree[], t_j json[])",
            "CREATE TABLE toast_full (id int PRIMARY KEY, n int, tx text, bb bytea)",
            "ALTER TABLE toast_full REPLICA IDENTITY FULL",
            "CREATE TABLE toast_key (id text PRIMARY KEY, n int, tx text)",
            "DO $$ DECLARE r record; BEGIN FOR r IN SELECT a.attrelid::regclass AS t, a.attname FROM pg_attribute a JOIN pg_class c"
                    + " ON c.oid = a.attrelid WHERE c.relname LIKE 'toast%' AND c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"
                    + " AND a.attnum > 0 AND a.attstorage IN ('x', 'm') LOOP EXECUTE format('ALTER TABLE %s ALTER %I SET STORAGE"
                    + " EXTERNAL', r.t, r.attname); END LOOP; END $$",
            "CREATE TABLE shown_alike (n numeric, t timestamp, a text, PRIMARY KEY (n, t))",
            "CREATE TABLE finish (id int PRIMARY KEY)");

    private static final String LONG = "string_agg(md5(i::text), '')";

    public static final List<String> CHANGES = List.of(
            "INSERT INTO one_key VALUES (1, 'a', 'x', 1.5), (2, 'b', NULL, NULL)",
            "UPDATE one_key SET a = 'z' WHERE id = 1",
            "UPDATE one_key SET id = 10 WHERE id = 1",
            "DELETE FROM one_key WHERE id = 2",
            "INSERT INTO two_keys VALUES ('k', 1, 'a')",
            "UPDATE two_keys SET a = 'b'",
            "UPDATE two_keys SET x = 'l'",
            "DELETE FROM two_keys",
            "INSERT INTO no_key VALUES (1, 'a')",
            "INSERT INTO full_row VALUES (1, 'a', NULL)",
            "UPDATE full_row SET a = 'b'",
            "UPDATE full_row SET id = 2",
            "DELETE FROM full_row",
            "INSERT INTO full_no_key VALUES (1, 'a', NULL)",
            "UPDATE full_no_key SET a = 'b'",
            "UPDATE full_no_key SET id = 2",
            "DELETE FROM full_no_key",
            "INSERT INTO by_index VALUES (1, 2, 'v', 'w')",
            "UPDATE by_index SET w = 'x'",
            "UPDATE by_index SET u = 3",
            "DELETE FROM by_index",
            "INSERT INTO shown_alike VALUES (1.0, '2026-01-02 03:04:05.0001', 'a')",
            "UPDATE shown_alike SET n = 1.000",
            "UPDATE shown_alike SET t = '2026-01-02 03:04:05.0002'",
            "UPDATE shown_alike SET n = 2",
            "DELETE FROM shown_alike",
            "INSERT INTO nothing_old VALUES (1, 'a')",
            "INSERT INTO key_unknown VALUES ('1', 2, '3')",
            "INSERT INTO \"Odd é\".\"My \uD83D\uDC18\" VALUES (1, 'a', 'b', 2)",
            "UPDATE \"Odd é\".\"My \uD83D\uDC18\" SET \"a.b\" = 'c'",
            "DELETE FROM \"Odd é\".\"My \uD83D\uDC18\"",
            "INSERT INTO not_null VALUES (1, 'a', 2, 'c', 'sad', '{sad}')",
            "UPDATE not_null SET a = 'b'",
            "INSERT INTO parts VALUES (1, 'a')",
            "UPDATE parts SET a = 'b'",
            "DELETE FROM parts",
            "INSERT INTO dropped VALUES (1, 2, 3)",
            "INSERT INTO renamed VALUES (1, 2)",
            "BEGIN; INSERT INTO one_key VALUES (20); INSERT INTO two_keys VALUES ('m', 2); DELETE FROM one_key WHERE id = 20; COMMIT",
            "TRUNCATE one_key",
            "TRUNCATE two_keys, no_key",
            "TRUNCATE full_row RESTART IDENTITY CASCADE",
            "SELECT pg_logical_emit_message(true, 'in a transaction', 'content')",
            "SELECT pg_logical_emit_message(false, 'outside', '\\xff00'::bytea)",
            "BEGIN; INSERT INTO one_key VALUES (5); SELECT pg_logical_emit_message(true, 'p \"3\"', 'é');"
                    + " SELECT pg_logical_emit_message(false, 'p4', ''); INSERT INTO one_key VALUES (6); COMMIT",
            """
            INSERT INTO toast SELECT 1, 1, {L}, {L}, decode({L}, 'hex'), to_json({L}), to_jsonb({L}),
                ('<a>' || {L} || '</a>')::xml, {L}, string_agg('l' || md5(i::text), '.')::ltree,
                to_tsvector('simple', string_agg(md5(i::text), ' ')), {L}, hstore('a', {L}),
                string_agg(abs(hashint4(i))::text, '')::numeric, string_agg(hashint4(i)::bit(32)::text, '')::varbit,
                numrange(NULL, string_agg(abs(hashint4(i))::text, '')::numeric), {L}, array_agg(md5(i::text)),
                array_agg(md5(i::text)), array_agg(substr(md5(i::text), 1, 3)), array_agg(i::int2), array_agg(i),
                array_agg(i::int8), array_agg(i::oid), array_agg(i::numeric), array_agg(i::float4), array_agg(i::float8),
                array_agg(i % 2 = 0), array_agg('2000-01-01'::date + i), array_agg('00:00'::time + i * '1 s'::interval),
                array_agg('2000-01-01'::timestamp + i * '1 s'::interval),
                array_agg('2000-01-01'::timestamptz + i * '1 s'::interval), array_agg(md5(i::text)::uuid),
                array_agg(to_jsonb(i)), array_agg(decode(md5(i::text), 'hex')), array_agg(('10.0.0.' || i % 200)::inet),
                array_agg('sad'::mood), array_agg(hstore('a', md5(i::text))), array_agg(md5(i::text)::citext),
                array_agg(('l' || md5(i::text))::ltree), array_agg(to_json(i))
            FROM generate_series(1, 2500) i WHERE i <= 1200 OR i % 3 = 0
            """.replace("{L}", LONG),
            "SELECT pg_replication_origin_create('far_' || current_database() || '_slot_1')",
            "SELECT pg_replication_origin_session_setup('far_' || current_database() || '_slot_1')",
            "BEGIN; SELECT pg_replication_origin_xact_setup('0/AABB', '2026-01-01 00:00:00+00'); INSERT INTO one_key VALUES (7);"
                    + " COMMIT",
            "SELECT pg_replication_origin_session_reset()",
            "UPDATE toast SET n = 2",
            "INSERT INTO toast_full SELECT 1, 1, {L}, decode({L}, 'hex') FROM generate_series(1, 300) i"
                    .replace("{L}", LONG),
            "UPDATE toast_full SET n = 2",
            "UPDATE toast_full SET tx = 's'",
            "DELETE FROM toast_full",
            "INSERT INTO toast_key SELECT {L}, 1, {L} FROM generate_series(1, 80) i".replace("{L}", LONG),
            "UPDATE toast_key SET n = 2",
            "UPDATE toast_key SET id = 's'",
            "DELETE FROM toast_key");

    /** Those of {@link #CHANGES} that can be made before all others: no two insert a row with the same key. */
    public static final List<String> ROWS =
            CHANGES.stream().filter(EnvelopeWorkload::inserts).toList();

    /** All others. */
    public static final List<String> CHANGES_OF_ROWS =
            CHANGES.stream().filter(sql -> !inserts(sql)).toList();

    public static final String FINISH = "INSERT INTO finish VALUES (1)";

    private EnvelopeWorkload() {}

    private static boolean inserts(String sql) {
        return sql.startsWith("INSERT");
    }
}
