package io.pgcdc.sinks.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.pipeline.Captured;
import io.pgcdc.servers.testing.EachPostgres;
import io.pgcdc.sinks.postgres.changelog.ChangeLogSinkProvider;
import io.pgcdc.testkit.sinks.TargetDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;

/** What a trigger writes into change_logs in the source's own transactions is what the sink writes elsewhere. */
class TriggerOracleTest {

    private static final int TRANSACTIONS = 150;

    /** Columns, and values that each may have, as SQL. */
    private static final Map<String, List<String>> TYPES = Map.ofEntries(
            Map.entry("smallint", List.of("0", "-32768", "32767")),
            Map.entry("int", List.of("0", "-1", "2147483647")),
            Map.entry("bigint", List.of("9223372036854775807", "-9223372036854775808", "42")),
            Map.entry("numeric", List.of("1.0", "1.00", "-0.000000000001", "'NaN'", "12345678901234567890.123")),
            Map.entry("numeric(12,4)", List.of("1", "1.5", "-99999999.9999")),
            Map.entry("real", List.of("1.5", "'NaN'", "'-Infinity'", "3.4e38")),
            Map.entry("double precision", List.of("0.1", "1e300", "'Infinity'", "-0.0")),
            Map.entry("boolean", List.of("true", "false")),
            Map.entry(
                    "text",
                    List.of(
                            "''",
                            "'plain'",
                            "E'tab\\t quote\" back\\\\slash\\nline \\u00e4\\U0001F600'",
                            "repeat('long ', 3000)")),
            Map.entry("varchar(20)", List.of("'varchar'", "'  spaces  '")),
            Map.entry("char(8)", List.of("'c'", "'char'")),
            Map.entry("bytea", List.of("'\\x'", "'\\xdeadbeef00'", "decode(md5(random()::text), 'hex')")),
            Map.entry("date", List.of("'2026-01-02'", "'infinity'", "'0044-03-15 BC'")),
            Map.entry("time", List.of("'12:34:56.789'", "'24:00'")),
            Map.entry("timetz", List.of("'12:34:56+05:30'", "'00:00-12'")),
            Map.entry("timestamp", List.of("'2026-01-02 03:04:05.678901'", "'-infinity'", "'0001-01-01 BC'")),
            Map.entry("timestamptz", List.of("'2026-01-02 03:04:05.6+02'", "now()", "'infinity'")),
            Map.entry("interval", List.of("'1 year 2 mons -3 days 04:05:06.7'", "'-1 s'")),
            Map.entry("uuid", List.of("gen_random_uuid()", "'00000000-0000-0000-0000-000000000000'")),
            Map.entry("json", List.of("'{\"b\": 1,\n \"a\": [1.0, null, \"x\"]}'", "'null'", "'\"text\"'")),
            Map.entry("jsonb", List.of("'{\"z\":{\"y\":[]},\"a\":1.10}'", "'[]'", "'12e2'")),
            Map.entry("inet", List.of("'10.0.0.1'", "'10.0.0.0/8'", "'::1'")),
            Map.entry("macaddr", List.of("'08:00:2b:01:02:03'")),
            Map.entry("int[]", List.of("'{}'", "'{1,NULL,3}'", "'[2:3]={7,8}'")),
            Map.entry("text[]", List.of("ARRAY['a', 'b \"c\" {}', NULL, '']", "ARRAY[['x','y'],['z','ü']]")),
            Map.entry("timestamptz[]", List.of("ARRAY[timestamptz '2026-01-02 03:04:05+02']")),
            Map.entry("int4range", List.of("'[1,5)'", "'empty'", "'(,7]'")),
            Map.entry("tstzrange", List.of("'[2026-01-01 00:00+00,2026-02-01 00:00+00)'")),
            Map.entry("nummultirange", List.of("'{[1.0,2.5),(7,8)}'", "'{}'")),
            Map.entry("bit(5)", List.of("B'10101'", "B'00000'")),
            Map.entry("point", List.of("'(1,2)'", "'(0.5,-1e10)'")),
            Map.entry("tsvector", List.of("to_tsvector('simple', 'a quick brown fox')")),
            Map.entry("mood", List.of("'sad'", "'so \"so\"'")),
            Map.entry("positive", List.of("1", "77")),
            Map.entry("address", List.of("ROW('Main \"St\", 1', 7)", "ROW(NULL, 2)")),
            Map.entry("address[]", List.of("ARRAY[ROW('a', 1)::address, NULL]")),
            Map.entry("hstore", List.of("'a=>1, b=>NULL, \"c d\"=>\"e\\\"f\"'", "''")),
            Map.entry("citext", List.of("'MiXed'")));

    @TempDir
    Path directory;

    @EachPostgres
    void rowsAreEqualToThoseOfTheTrigger(int version) {
        long seed = Long.getLong("pgcdc.seed", System.nanoTime());
        System.out.println("TriggerOracleTest " + version + ", -Dpgcdc.seed=" + seed);
        try (TargetDatabase source = new TargetDatabase(version);
                TargetDatabase target = new TargetDatabase(version)) {
            install(source);
            source.ask("SELECT 1 FROM pg_create_logical_replication_slot('" + source.name() + "_slot', 'pgoutput')");
            work(source, new Random(seed));
            new Captured(source, directory.resolve("queue"))
                    .bringTo(Map.of("log", target.sink(new ChangeLogSinkProvider(), "create=true")));
            assertEqual(source, target);
        }
    }

    private static void install(TargetDatabase source) {
        StringBuilder columns = new StringBuilder();
        List<String> types = TYPES.keySet().stream().sorted().toList();
        for (int i = 0; i < types.size(); i++) {
            columns.append(", c").append(i).append(' ').append(types.get(i));
        }
        source.sql(
                "SET TimeZone = 'UTC'",
                "CREATE EXTENSION hstore",
                "CREATE EXTENSION citext",
                "CREATE TYPE mood AS ENUM ('sad', 'so \"so\"')",
                "CREATE DOMAIN positive AS int CHECK (VALUE > 0)",
                "CREATE TYPE address AS (street text, number int)",
                "CREATE TABLE wide (id bigint PRIMARY KEY" + columns + ")",
                "CREATE SCHEMA \"Odd Schema\"",
                "CREATE TABLE \"Odd Schema\".\"Odd \"\"Table\"\"\" (id text PRIMARY KEY, \"a \"\"b\"\"\" text, n int)",
                "ALTER TABLE wide REPLICA IDENTITY FULL",
                "ALTER TABLE \"Odd Schema\".\"Odd \"\"Table\"\"\" REPLICA IDENTITY FULL",
                "CREATE PUBLICATION captured FOR TABLE wide, \"Odd Schema\".\"Odd \"\"Table\"\"\"",
                HandMadeTable.CHANGE_LOGS,
                "CREATE TABLE cdc_pattern.change_logs_all PARTITION OF cdc_pattern.change_logs DEFAULT",
                TRIGGER_FUNCTION,
                "CREATE TRIGGER capture AFTER INSERT OR UPDATE OR DELETE ON wide FOR EACH ROW EXECUTE FUNCTION capture_table_changes()",
                "CREATE TRIGGER capture AFTER INSERT OR UPDATE OR DELETE ON \"Odd Schema\".\"Odd \"\"Table\"\"\""
                        + " FOR EACH ROW EXECUTE FUNCTION capture_table_changes()");
    }

    private static final String TRIGGER_FUNCTION = """
            CREATE FUNCTION capture_table_changes() RETURNS TRIGGER AS $$
            DECLARE
                v_old JSONB := CASE WHEN TG_OP <> 'INSERT' THEN row_to_json(OLD)::jsonb END;
                v_new JSONB := CASE WHEN TG_OP <> 'DELETE' THEN row_to_json(NEW)::jsonb END;
                v_changed TEXT[];
            BEGIN
                IF TG_OP = 'UPDATE' THEN
                    SELECT array_agg(o.key) INTO v_changed FROM jsonb_each(v_old) o JOIN jsonb_each(v_new) n ON o.key = n.key
                    WHERE o.value IS DISTINCT FROM n.value;
                END IF;
                INSERT INTO cdc_pattern.change_logs (table_name, record_id, change_type, old_data, new_data, changed_fields)
                VALUES (TG_TABLE_NAME, COALESCE(v_new ->> 'id', v_old ->> 'id'), TG_OP, v_old, v_new, v_changed);
                RETURN NULL;
            END;
            $$ LANGUAGE plpgsql;
            """;

    private static void work(TargetDatabase source, Random random) {
        List<String> types = TYPES.keySet().stream().sorted().toList();
        int next = 1;
        for (int i = 0; i < TRANSACTIONS; i++) {
            StringBuilder transaction = new StringBuilder("BEGIN;");
            int statements = 1 + random.nextInt(5);
            for (int s = 0; s < statements; s++) {
                transaction.append(statement(random, types, next++)).append(';');
            }
            source.sql(transaction
                    .append(random.nextInt(8) == 0 ? "ROLLBACK" : "COMMIT")
                    .toString());
        }
    }

    private static String statement(Random random, List<String> types, int next) {
        String odd = "\"Odd Schema\".\"Odd \"\"Table\"\"\"";
        return switch (random.nextInt(9)) {
            case 0, 1, 2 -> {
                StringBuilder values = new StringBuilder("INSERT INTO wide VALUES (" + next);
                types.forEach(type -> values.append(", ").append(value(random, type)));
                yield values.append(')').toString();
            }
            case 3, 4 -> {
                int column = random.nextInt(types.size());
                yield "UPDATE wide SET c" + column + " = " + value(random, types.get(column)) + " WHERE id % 3 = "
                        + random.nextInt(3);
            }
            case 5 -> "UPDATE wide SET id = -" + next + " WHERE id = (SELECT min(id) FROM wide WHERE id > 0)";
            case 6 -> "DELETE FROM wide WHERE id IN (SELECT id FROM wide ORDER BY id LIMIT " + random.nextInt(2) + ")";
            case 7 -> "INSERT INTO " + odd + " VALUES ('k" + next + " ä', 'v', " + next + ")";
            default -> "UPDATE " + odd + " SET n = n + 1, \"a \"\"b\"\"\" = 'w' WHERE n % 2 = " + random.nextInt(2);
        };
    }

    private static String value(Random random, String type) {
        List<String> values = TYPES.get(type);
        if (random.nextInt(6) == 0) {
            return "NULL";
        }
        return "(" + values.get(random.nextInt(values.size())) + ")::" + type;
    }

    private static void assertEqual(TargetDatabase source, TargetDatabase target) {
        String rows = "SELECT concat_ws(' | ', table_name, record_id, change_type, old_data, new_data,"
                + " (SELECT array_agg(f ORDER BY f) FROM unnest(changed_fields) f)) FROM cdc_pattern.change_logs ORDER BY change_id";
        List<String> byTrigger = source.list(rows);
        List<String> bySink = target.list(rows);
        assertTrue(byTrigger.size() > TRANSACTIONS, "the workload did little: " + byTrigger.size());
        for (int i = 0; i < Math.min(byTrigger.size(), bySink.size()); i++) {
            assertEquals(byTrigger.get(i), bySink.get(i), "row " + i);
        }
        assertEquals(byTrigger.size(), bySink.size());
        // the sink's own columns say the order, too: no position is there twice, and they rise with the ids
        assertEquals(
                "0",
                target.ask(
                        "SELECT count(*) FROM (SELECT (commit_lsn, ordinal) <= lag((commit_lsn, ordinal)) OVER (ORDER BY change_id)"
                                + " AS wrong FROM cdc_pattern.change_logs) p WHERE wrong"));
    }
}
