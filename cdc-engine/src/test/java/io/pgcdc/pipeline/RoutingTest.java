package io.pgcdc.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.CdcException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.model.ColumnName;
import io.pgcdc.model.TablePattern;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.Await;
import io.pgcdc.servers.testing.EachPostgres;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.snapshot.SnapshotMode;
import io.pgcdc.view.MaskedColumn;
import io.pgcdc.view.RouteSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Routing on real servers: which changes reach which sink. */
class RoutingTest {

    private static final String SALT = "a salt of more than sixteen";

    @TempDir
    Path directory;

    private TestSource source(int version) throws Exception {
        return new TestSource(PgServer.shared(version), directory);
    }

    private static SettingValues publications(String... names) {
        return SettingValues.NONE.with(RouteSettings.PUBLICATIONS, List.of(names));
    }

    private static SettingValues tables(String... tables) {
        return SettingValues.NONE.with(
                RouteSettings.TABLES,
                Arrays.stream(tables).map(TablePattern::parse).toList());
    }

    private static SettingValues columns(List<String> excluded, List<String> masked) {
        return SettingValues.NONE
                .with(
                        RouteSettings.EXCLUDE_COLUMNS,
                        excluded.stream().map(ColumnName::parse).toList())
                .with(
                        RouteSettings.MASK,
                        masked.stream().map(MaskedColumn::parse).toList())
                .with(RouteSettings.MASK_SALT, SALT);
    }

    private static List<String> kinds(CollectingSink sink) {
        return sink.seen().stream()
                .map(s -> s.json()
                        .replaceAll(".*\"change_type\":\"(\\w+)\".*\"table_name\":(\"\\w+\"|null).*", "$1 $2")
                        .replace("\"", ""))
                .toList();
    }

    @EachPostgres
    void aSinkGetsTheOperationsThatItsPublicationsPublish(int version) throws Exception {
        try (TestSource source = source(version)) {
            source.sql(
                    "CREATE TABLE u (id int PRIMARY KEY)",
                    "CREATE PUBLICATION inserts FOR TABLE t WITH (publish = 'insert')",
                    "CREATE PUBLICATION others FOR TABLE t, u WITH (publish = 'update, delete, truncate')",
                    "CREATE PUBLICATION users FOR TABLE u");
            source.publications("inserts", "others", "users")
                    .sink("inserts", publications("inserts"))
                    .sink("users", publications("users"))
                    .sink("two", publications("inserts", "others"))
                    .sink("table", tables("public.u", "other.*"));
            CollectingSink inserts = new CollectingSink();
            CollectingSink users = new CollectingSink();
            CollectingSink two = new CollectingSink();
            CollectingSink table = new CollectingSink();
            CollectingSink all = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(
                    source, Map.of("inserts", inserts, "users", users, "two", two, "table", table, "all", all))) {
                source.sql(
                        "BEGIN; INSERT INTO t VALUES (1); INSERT INTO u VALUES (1); UPDATE t SET v = 'x'; DELETE FROM u; COMMIT",
                        "SELECT pg_logical_emit_message(true, 'p', 'x')",
                        "TRUNCATE t, u");
                run.finish();
            }
            assertEquals(
                    List.of("INSERT t", "INSERT u", "UPDATE t", "DELETE u", "MESSAGE null", "TRUNCATE t", "TRUNCATE u"),
                    kinds(all));
            assertEquals(List.of("INSERT t"), kinds(inserts));
            assertEquals(List.of("INSERT u", "DELETE u", "TRUNCATE u"), kinds(users));
            assertEquals(List.of("INSERT t", "UPDATE t", "DELETE u", "TRUNCATE t", "TRUNCATE u"), kinds(two));
            assertEquals(List.of("INSERT u", "DELETE u", "TRUNCATE u"), kinds(table));
            assertEquals(
                    List.of(0L, 1L, 2L, 3L),
                    all.positions().subList(0, 4).stream().map(p -> p.ordinal()).toList());
            assertEquals(
                    List.of(1L, 3L),
                    users.positions().subList(0, 2).stream()
                            .map(p -> p.ordinal())
                            .toList(),
                    "positions are given before any routing");
        }
    }

    /** A snapshot's message names no publication, no more than a change's does: the layout says which ones the table is in. */
    @Test
    void aSinkGetsTheExistingRowsOfItsPublicationsTables() throws Exception {
        try (TestSource source = source(18).snapshot(SnapshotMode.INITIAL)) {
            source.sql(
                    "CREATE TABLE u (id int PRIMARY KEY)",
                    "CREATE PUBLICATION deletes FOR TABLE t WITH (publish = 'delete')",
                    "CREATE PUBLICATION both_tables FOR TABLE t, u WITH (publish = 'insert, update')",
                    "INSERT INTO t VALUES (1)",
                    "INSERT INTO u VALUES (1)");
            source.publications("deletes", "both_tables")
                    .sink("deletes", publications("deletes"))
                    .sink("both", publications("both_tables"));
            CollectingSink deletes = new CollectingSink();
            CollectingSink both = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, Map.of("deletes", deletes, "both", both))) {
                source.sql("INSERT INTO t VALUES (2)", "DELETE FROM t WHERE id = 1");
                run.finish();
            }
            assertEquals(List.of("READ t", "DELETE t"), kinds(deletes));
            assertEquals(
                    List.of("INSERT t", "READ t", "READ u"),
                    kinds(both).stream().sorted().toList());
        }
    }

    @EachPostgres
    void excludedAndMaskedValuesAreNowhereInTheRecord(int version) throws Exception {
        try (TestSource source = source(version)) {
            source.sql(
                    "CREATE TABLE p (secret text, email text, note json, n numeric, PRIMARY KEY (secret, email))",
                    "ALTER TABLE p REPLICA IDENTITY FULL",
                    "CREATE TABLE q (email text PRIMARY KEY, name text, plain int)");
            source.sink(
                            "left",
                            columns(
                                    List.of("public.p.secret", "public.p.note"),
                                    List.of("public.p.email=hash", "public.p.n=fixed:***")))
                    .sink("cut", columns(List.of(), List.of("public.q.email=hash", "public.q.name=truncate:2")));
            CollectingSink left = new CollectingSink();
            CollectingSink cut = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, Map.of("left", left, "cut", cut))) {
                source.sql(
                        "INSERT INTO p VALUES ('hidden', 'a@b.c', '{\"k\":\"hidden\"}', 7.50)",
                        "UPDATE p SET secret = 'hidden too', note = NULL, n = 8",
                        "DELETE FROM p",
                        "INSERT INTO q VALUES ('a@b.c', 'ÄÖÜ', 1), ('d@e.f', NULL, 2)");
                run.finish();
            }
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SALT.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            String hash = HexFormat.of().formatHex(mac.doFinal("a@b.c".getBytes(StandardCharsets.UTF_8)));
            String row = "{\"email\":\"" + hash + "\",\"n\":\"***\"}";
            List<String> p = left.seen().stream()
                    .map(CollectingSink.Seen::json)
                    .filter(j -> j.contains("\"table_name\":\"p\""))
                    .toList();
            for (String json : p) {
                assertFalse(json.contains("hidden") || json.contains("a@b.c") || json.contains(":7.5"), json);
                assertTrue(json.contains("\"record_id\":null"), json);
            }
            Lines.of(p)
                    .next("\"new_data\":" + row)
                    .next("\"old_data\":" + row + ",\"new_data\":" + row + ",\"changed_fields\":[\"n\"]")
                    .next("\"old_data\":" + row)
                    .end();
            List<String> q = cut.seen().stream()
                    .map(CollectingSink.Seen::json)
                    .filter(j -> j.contains("\"table_name\":\"q\""))
                    .toList();
            Lines.of(q)
                    .next("\"record_id\":\"" + hash + "\"", "{\"email\":\"" + hash + "\",\"name\":\"ÄÖ\",\"plain\":1}")
                    .next("\"name\":null,\"plain\":2")
                    .end();
        }
    }

    @Test
    void aRenamedColumnDoesNotLeakUnderItsNewName() throws Exception {
        try (TestSource source = source(18)) {
            SettingValues route = columns(List.of("public.t.v"), List.of());
            source.sink("out", route);
            CollectingSink sink = new CollectingSink();
            CollectingSink other = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, Map.of("out", sink, "other", other))) {
                source.sql("INSERT INTO t VALUES (1, 'hidden')");
                Await.until("the first row", () -> sink.seen().size() == 1);
                source.sql("ALTER TABLE t RENAME v TO w", "INSERT INTO t VALUES (2, 'hidden')");
                Await.until("the sink's end", sink::isClosed);
                Await.until("the other sink", () -> other.seen().size() == 2);
                run.pipeline().control().stop();
                requireCode(ErrorCode.ROUTE_COLUMN_RENAMED, run.awaitEnd());
            }
            assertEquals(List.of("1"), sink.column("id"));
            CollectingSink again = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, Map.of("out", again, "other", other))) {
                Await.until("the sink's end", again::isClosed);
                run.pipeline().control().stop();
                requireCode(ErrorCode.ROUTE_COLUMN_RENAMED, run.awaitEnd());
            }
            assertEquals(List.of(), again.seen(), "a new start does not forget it");
            CollectingSink mended = new CollectingSink();
            source.sink("out", columns(List.of("public.t.v", "public.t.w"), List.of()));
            try (RunningPipeline run = new RunningPipeline(source, Map.of("out", mended, "other", other))) {
                run.finish();
            }
            assertEquals(List.of("2"), mended.column("id"));
            assertFalse(mended.seen().get(0).json().contains("hidden"));
        }
    }

    @Test
    void differentRowFiltersAreRefusedForASinkThatTakesPartOfThem() throws Exception {
        try (TestSource source = source(18)) {
            source.sql(
                    "CREATE TABLE u (id int PRIMARY KEY)",
                    "CREATE PUBLICATION low FOR TABLE t WHERE (id < 10)",
                    "CREATE PUBLICATION high FOR TABLE t WHERE (id > 20)",
                    "CREATE PUBLICATION users FOR TABLE u");
            source.publications("low", "high", "users")
                    .sink("part", publications("low"))
                    .sink("both", publications("low", "high"))
                    .sink("none", publications("users"));
            CollectingSink part = new CollectingSink();
            CollectingSink both = new CollectingSink();
            CollectingSink none = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, Map.of("part", part, "both", both, "none", none))) {
                source.sql("INSERT INTO t VALUES (1), (15), (25)", "INSERT INTO u VALUES (3)");
                Await.until("the conflict", part::isClosed);
                Await.until(
                        "the others",
                        () -> both.seen().size() == 2 && none.seen().size() == 1);
                run.pipeline().control().stop();
                requireCode(ErrorCode.ROUTE_CONFLICT, run.awaitEnd());
            }
            assertEquals(List.of(), part.seen());
            assertEquals(List.of("1", "25"), both.column("id"));
            assertEquals(List.of("3"), none.column("id"));
        }
    }

    @Test
    void aChangeOfAnUnknownPublicationIsAnError() throws Exception {
        try (TestSource source = source(18)) {
            source.sql(
                    "CREATE TABLE u (id int PRIMARY KEY)",
                    "CREATE PUBLICATION one FOR TABLE t",
                    "CREATE PUBLICATION two FOR TABLE u");
            source.publications("one", "two").sink("part", publications("one"));
            try (RunningPipeline run =
                    new RunningPipeline(source, Map.of("part", new CollectingSink(), "all", new CollectingSink()))) {
                run.finish();
            }
            source.sql("INSERT INTO t VALUES (1)", "ALTER PUBLICATION one DROP TABLE t");
            CollectingSink part = new CollectingSink();
            CollectingSink all = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, Map.of("part", part, "all", all))) {
                Await.until("the sink's end", part::isClosed);
                Await.until("the other", () -> all.seen().size() == 1);
                run.pipeline().control().stop();
                requireCode(ErrorCode.ROUTE_UNKNOWN, run.awaitEnd());
            }
            assertEquals(List.of(), part.seen());
        }
    }

    private static void assertOldRow(String expected, CollectingSink sink, int change) {
        String json = sink.seen().get(change).json();
        assertTrue(json.contains("\"old_data\":" + expected), json);
    }

    @Test
    void partitionsUnderTheirRootReachTheSinksOfTheirPublication() throws Exception {
        try (TestSource source = source(18)) {
            source.sql(
                    "CREATE TABLE root (id int PRIMARY KEY, v text) PARTITION BY RANGE (id)",
                    "CREATE TABLE leaf PARTITION OF root FOR VALUES FROM (0) TO (100)",
                    "ALTER TABLE root REPLICA IDENTITY FULL", // the leaf does not inherit it
                    "CREATE PUBLICATION one FOR TABLE root WITH (publish_via_partition_root = true)",
                    "CREATE PUBLICATION two FOR TABLE t WITH (publish_via_partition_root = true)");
            source.publications("one", "two").sink("one", publications("one")).sink("two", publications("two"));
            CollectingSink one = new CollectingSink();
            CollectingSink two = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, Map.of("one", one, "two", two))) {
                source.sql("INSERT INTO root VALUES (1, 'a')", "UPDATE root SET id = 2", "INSERT INTO t VALUES (3)");
                Await.until("the update", () -> one.seen().size() == 2);
                source.sql("ALTER TABLE leaf REPLICA IDENTITY FULL", "DELETE FROM root");
                run.finish();
            }
            assertOldRow("{\"id\":1},\"new_data\":{\"id\":2,\"v\":\"a\"},\"changed_fields\":null", one, 1);
            assertOldRow("{\"id\":2,\"v\":\"a\"},\"new_data\":null", one, 2);
            assertEquals(List.of("INSERT root", "UPDATE root", "DELETE root"), kinds(one));
            assertEquals(List.of("INSERT t"), kinds(two));
            source.sql("ALTER PUBLICATION two SET (publish_via_partition_root = false)");
            refused(ErrorCode.ROUTE_CONFLICT, source);
        }
    }

    /** The partitions come under other names than the sinks name. An error says so; otherwise the sinks would silently get nothing. */
    @Test
    void renamedPartitionsStopTheSinksThatNameThem() throws Exception {
        try (TestSource source = source(18)) {
            source.sql(
                    "CREATE TABLE root (id int PRIMARY KEY) PARTITION BY RANGE (id)",
                    "CREATE TABLE leaf PARTITION OF root FOR VALUES FROM (0) TO (100)",
                    "CREATE PUBLICATION p FOR TABLE root WITH (publish_via_partition_root = true)");
            source.publications("p").sink("root", tables("public.root")).sink("leaf", tables("public.leaf"));
            try (RunningPipeline run =
                    new RunningPipeline(source, Map.of("root", new CollectingSink(), "other", new CollectingSink()))) {
                source.sql("INSERT INTO root VALUES (1)");
                run.finish();
            }
            source.sql("ALTER PUBLICATION p SET (publish_via_partition_root = false)", "INSERT INTO root VALUES (2)");
            CollectingSink leaf = new CollectingSink();
            CollectingSink root = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, Map.of("root", root, "leaf", leaf))) {
                Await.until("the sink's end", root::isClosed);
                Await.until("the other", () -> leaf.seen().size() == 1);
                source.sql(
                        "ALTER PUBLICATION p SET (publish_via_partition_root = true)", "INSERT INTO root VALUES (3)");
                Await.until("the other's end", leaf::isClosed);
                run.pipeline().control().stop();
                requireCode(ErrorCode.PARTITIONS_RENAMED, run.awaitEnd());
            }
            assertEquals(List.of(), root.seen());
            assertEquals(List.of("2"), leaf.column("id"));
        }
    }

    @Test
    void anUnknownNameIsRefusedBeforeAnythingIsCreated() throws Exception {
        try (TestSource source = source(18)) {
            source.sink("out", columns(List.of("public.t.wrong"), List.of()));
            refused(ErrorCode.COLUMN_MISSING, source);
            source.sink("out", columns(List.of(), List.of("public.wrong.v=hash")));
            refused(ErrorCode.TABLE_MISSING, source);
            source.sink("out", tables("public.t", "public.wrong"));
            refused(ErrorCode.TABLE_MISSING, source);
            assertEquals("0", source.ask("SELECT count(*) FROM pg_publication"));
            assertEquals(
                    "0",
                    source.ask("SELECT count(*) FROM pg_replication_slots WHERE slot_name = '" + source.slot() + "'"));
        }
    }

    private static void refused(ErrorCode code, TestSource source) {
        Pipeline pipeline = new Pipeline(source.config(), Map.of("out", new CollectingSink()));
        requireCode(code, assertThrows(CdcException.class, pipeline::run));
    }

    private static void requireCode(ErrorCode code, @org.jspecify.annotations.Nullable Throwable error) {
        assertEquals(code, assertInstanceOf(CdcException.class, error).code());
    }
}
