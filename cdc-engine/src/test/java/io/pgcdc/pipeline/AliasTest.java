package io.pgcdc.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.catalog.CatalogConnection;
import io.pgcdc.catalog.Preflight;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.Finding;
import io.pgcdc.error.SourceException;
import io.pgcdc.model.ColumnName;
import io.pgcdc.model.TablePattern;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.Await;
import io.pgcdc.servers.testing.EachPostgres;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.snapshot.SnapshotMode;
import io.pgcdc.snapshot.SnapshotRequest;
import io.pgcdc.snapshot.SnapshotStatus;
import io.pgcdc.source.PublicationCheck;
import io.pgcdc.view.RouteSettings;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two shards of a table and an ordinary table of a real server: changes and rows carry the shards' logical name. */
class AliasTest {

    private static final Map<String, String> ORDERS = Map.of("public.orders_[0-9]+", "shop.orders");

    @TempDir
    Path directory;

    private TestSource source(int version) throws SQLException {
        TestSource source = new TestSource(PgServer.shared(version), directory);
        source.sql(
                "CREATE TABLE orders_102008 (id int PRIMARY KEY, secret text)",
                "CREATE TABLE orders_102011 (id int PRIMARY KEY, secret text, more int)",
                "INSERT INTO orders_102008 VALUES (1, 'x'), (2, 'x')",
                "INSERT INTO orders_102011 VALUES (10, 'x', 5)",
                "INSERT INTO t VALUES (7, 'plain')");
        return source.named(ORDERS);
    }

    private static List<String> brief(CollectingSink sink) {
        return sink.seen().stream()
                .map(s -> s.json()
                        .replaceAll(
                                ".*\"change_type\":\"(\\w+)\",\"schema_name\":\"(\\w+)\",\"table_name\":\"(\\w+)\","
                                        + "\"record_id\":(?:\"(\\w+)\"|(null)).*",
                                "$1 $2.$3 $4$5"))
                .toList();
    }

    private static SettingValues shopOnly() {
        return SettingValues.NONE
                .with(RouteSettings.TABLES, List.of(TablePattern.parse("shop.orders")))
                .with(RouteSettings.EXCLUDE_COLUMNS, List.of(ColumnName.parse("shop.orders.secret")));
    }

    @EachPostgres
    void rowsAndChangesOfShardsCarryTheLogicalName(int version) throws Exception {
        try (TestSource source = source(version).snapshot(SnapshotMode.INITIAL).sink("shop", shopOnly())) {
            CollectingSink all = new CollectingSink();
            CollectingSink shop = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, Map.of("all", all, "shop", shop))) {
                Await.until(
                        "the snapshot",
                        () -> run.pipeline().status().snapshots().get(0).state() == SnapshotStatus.State.FINISHED);
                source.sql(
                        "BEGIN; INSERT INTO orders_102008 VALUES (3); INSERT INTO orders_102011 VALUES (11);"
                                + " UPDATE orders_102008 SET secret = 'y' WHERE id = 1;"
                                + " DELETE FROM orders_102011 WHERE id = 10; COMMIT",
                        "TRUNCATE orders_102011");
                run.finish();
            }
            assertEquals(
                    List.of("READ public.t 7", "READ shop.orders 1", "READ shop.orders 10", "READ shop.orders 2"),
                    brief(all).subList(0, 4).stream().sorted().toList());
            List<String> changes = List.of(
                    "INSERT shop.orders 3",
                    "INSERT shop.orders 11",
                    "UPDATE shop.orders 1",
                    "DELETE shop.orders 10",
                    "TRUNCATE shop.orders null");
            assertEquals(changes, brief(all).subList(4, 9));
            assertEquals(changes, brief(shop).subList(3, 8));
            assertTrue(shop.seen().stream().noneMatch(seen -> seen.json().contains("secret")));
            // each shard has its own layout
            assertTrue(
                    shop.seen().stream().anyMatch(seen -> seen.json().contains("\"new_data\":{\"id\":10,\"more\":5}")));
        }
    }

    /** The queue holds the name that was given when a change was captured; a shard that is made again gets it, too. */
    @Test
    void aNewSettingAppliesToLaterChanges() throws Exception {
        try (TestSource source = source(18).named(Map.of())) {
            CollectingSink sink = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                source.sql("INSERT INTO orders_102008 VALUES (3)");
                run.finish();
            }
            source.named(ORDERS);
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                source.sql(
                        "INSERT INTO orders_102008 VALUES (4)",
                        "DROP TABLE orders_102008",
                        "CREATE TABLE orders_102008 (id int PRIMARY KEY)",
                        "INSERT INTO orders_102008 VALUES (5)");
                run.finish();
            }
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                source.sql("INSERT INTO orders_102008 VALUES (6)", "INSERT INTO t VALUES (8)");
                run.finish();
            }
            assertEquals(
                    List.of(
                            "INSERT public.orders_102008 3",
                            "INSERT shop.orders 4",
                            "INSERT shop.orders 5",
                            "INSERT shop.orders 6",
                            "INSERT public.t 8"),
                    brief(sink));
        }
    }

    @Test
    void aSnapshotIsOrderedByEitherName() throws Exception {
        try (TestSource source = source(18).sink("shop", shopOnly())) {
            CollectingSink shop = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, Map.of("shop", shop))) {
                PipelineControl control = run.pipeline().control();
                assertEquals(List.of("public.orders_102008", "public.orders_102011"), ordered(run, "shop.orders"));
                assertEquals(List.of("public.orders_102008", "public.orders_102011"), ordered(run, "orders"));
                assertEquals(List.of("public.orders_102011"), ordered(run, "orders_102011"));
                SnapshotRequest ofSink = new SnapshotRequest(List.of(), null, List.of("shop"), true);
                assertEquals(
                        List.of("public.orders_102008", "public.orders_102011"), tables(run, control.snapshot(ofSink)));
                SnapshotRequest ofNone = new SnapshotRequest(List.of("public.orders"), null, List.of());
                SourceException e = assertThrows(SourceException.class, () -> control.snapshot(ofNone));
                assertEquals(ErrorCode.SNAPSHOT_REFUSED, e.code());
                run.finish();
            }
            assertEquals(3 + 3 + 1 + 3, brief(shop).size(), brief(shop).toString());
        }
    }

    private static List<String> ordered(RunningPipeline run, String table) {
        return tables(run, run.pipeline().control().snapshot(new SnapshotRequest(List.of(table), null, List.of())));
    }

    private static List<String> tables(RunningPipeline run, String id) {
        return run.pipeline().status().snapshots().stream()
                .filter(status -> status.id().equals(id))
                .findFirst()
                .orElseThrow()
                .tables();
    }

    /** The source knows the real name only. */
    @Test
    void adviceForTheSourceHasTheRealName() throws Exception {
        try (TestSource source = source(18).sink("shop", shopOnly())) {
            CollectingSink shop = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, Map.of("shop", shop))) {
                source.sql("INSERT INTO orders_102008 VALUES (3)");
                Await.until(
                        "the advice",
                        () -> run.pipeline().tables().stream()
                                .map(cost -> String.valueOf(cost.saving()))
                                .anyMatch(saving -> saving.contains("FOR TABLE \"public\".\"orders_102008\"")));
                run.finish();
            }
        }
    }

    @Test
    void aPatternWithoutAPublishedTableIsNamed() throws Exception {
        try (TestSource source =
                source(18).named(Map.of("public.orders_102011", "shop.orders", "public.items_.*", "shop.items"))) {
            String nothing = "source.table_aliases gives no published table a name by public.items_.*";
            assertEquals(List.of(nothing), unused(source));
            source.sql("CREATE PUBLICATION one FOR TABLE orders_102008", "CREATE TABLE items_1 (id int PRIMARY KEY)");
            assertEquals(List.of(), unused(source));
            assertEquals(
                    List.of("public.items_.*", "public.orders_102011"),
                    List.of(unused(source.publications("one"))
                                    .get(0)
                                    .replaceFirst(".* by ", "")
                                    .split(", "))
                            .stream()
                            .sorted()
                            .toList());
        }
    }

    private static List<String> unused(TestSource source) {
        PipelineConfig config = source.config();
        try (CatalogConnection catalog = Pipeline.catalog(config.source().address(), config.source())) {
            Preflight.Findings found = new Preflight(
                            catalog, config.source().slot(), config.source().publications())
                    .inspect(true, true);
            return new PublicationCheck(config.source(), catalog)
                    .inspect(found).stream()
                            .filter(finding -> finding.code() == ErrorCode.ALIAS_UNUSED)
                            .map(Finding::happened)
                            .toList();
        }
    }
}
