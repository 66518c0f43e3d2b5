package io.pgcdc.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.model.ColumnName;
import io.pgcdc.model.TablePattern;
import io.pgcdc.pipeline.TableCost.Saving;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.Await;
import io.pgcdc.servers.testing.EachPostgres;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.view.RouteSettings;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What tables cost, and the SQL that saves some of it, on real servers. */
class TableCostTest {

    private static final int COLUMN_LISTS_SINCE = 15;

    @TempDir
    Path directory;

    private final CollectingSink out = new CollectingSink();

    private static SettingValues without(String... columns) {
        return SettingValues.NONE.with(
                RouteSettings.EXCLUDE_COLUMNS,
                Arrays.stream(columns).map(ColumnName::parse).toList());
    }

    private static TableCost cost(Pipeline pipeline, String table) {
        return pipeline.tables().stream()
                .filter(cost -> cost.relation().name().equals(table))
                .findFirst()
                .orElseThrow();
    }

    /** Returns the answer of the server, which is asked meanwhile. */
    private static Saving saving(Pipeline pipeline, String table) {
        Saving[] saving = new Saving[1];
        Await.until("the server's answer about " + table, () -> {
            saving[0] = cost(pipeline, table).saving();
            return saving[0] != null && !String.valueOf(saving[0].obstacle()).contains("being asked");
        });
        return saving[0];
    }

    private RunningPipeline run(TestSource source) throws Exception {
        return new RunningPipeline(source, Map.of("out", out));
    }

    private void awaitChanges(int count) {
        Await.until("the changes", () -> out.seen().size() >= count);
    }

    @EachPostgres
    void theSqlMakesTheServerLeaveOutWhatNoSinkReads(int version) throws Exception {
        String filter = version < COLUMN_LISTS_SINCE ? "" : " WHERE (id > 0)";
        try (TestSource source = new TestSource(PgServer.shared(version), directory)) {
            source.sql(
                    "CREATE TABLE \"Order\" (id int PRIMARY KEY, \"select\" text, photo text)",
                    "CREATE PUBLICATION one FOR TABLE \"Order\"" + filter,
                    "CREATE PUBLICATION two FOR TABLE \"Order\"" + filter);
            source.publications("one", "two").sink("out", without("public.\"Order\".photo", "public.\"Order\".id"));
            try (RunningPipeline run = run(source)) {
                source.sql("INSERT INTO \"Order\" VALUES (1, 'a', repeat('p', 1000))");
                awaitChanges(1);
                TableCost before = cost(run.pipeline(), "Order");
                assertEquals(List.of("photo"), before.unread(), "the key is needed");
                assertTrue(before.unreadShare() > 0.9, before.toString());
                Saving saving = saving(run.pipeline(), "Order");
                if (version < COLUMN_LISTS_SINCE) {
                    assertNull(saving.sql());
                    assertEquals("a list of columns needs PostgreSQL 15 or later.", saving.obstacle());
                    return;
                }
                source.sql(saving.sql());
                source.sql("INSERT INTO \"Order\" VALUES (0, 'filtered', '')");
                source.sql("INSERT INTO \"Order\" VALUES (2, 'b', repeat('p', 1000))");
                run.finish();
                TableCost after = cost(run.pipeline(), "Order");
                assertEquals(List.of(), after.unread());
                assertTrue(after.bytes() < before.bytes() + 100, after.toString());
                assertEquals(
                        List.of(Map.of("select", "a"), Map.of("select", "b")),
                        out.seen().stream().map(CollectingSink.Seen::row).toList());
            }
        }
    }

    @Test
    void whereNoSqlHelpsTheReasonIsSaid() throws Exception {
        try (TestSource source = new TestSource(PgServer.shared(18), directory)) {
            source.sql(
                    "CREATE TABLE whole (id int PRIMARY KEY, v text, w text)",
                    "ALTER TABLE whole REPLICA IDENTITY FULL",
                    "CREATE TABLE nobodys (id int PRIMARY KEY)",
                    "CREATE TABLE parent (id int PRIMARY KEY, v text)",
                    "CREATE TABLE child () INHERITS (parent)",
                    "CREATE TABLE keyless (v text, w text)",
                    "ALTER TABLE keyless REPLICA IDENTITY FULL",
                    "CREATE TABLE mixed (id int PRIMARY KEY, v text)",
                    "CREATE PUBLICATION named FOR TABLE whole, nobodys, parent, keyless",
                    "CREATE SCHEMA other",
                    "CREATE TABLE other.s (id int PRIMARY KEY, v text)",
                    "CREATE PUBLICATION schemas FOR TABLES IN SCHEMA other, TABLE mixed");
            source.publications("named", "schemas")
                    .sink(
                            "out",
                            without(
                                            "public.whole.v",
                                            "public.parent.v",
                                            "other.s.v",
                                            "public.keyless.v",
                                            "public.mixed.v")
                                    .with(RouteSettings.EXCLUDE_TABLES, List.of(TablePattern.parse("public.nobodys"))));
            try (RunningPipeline run = run(source)) {
                source.sql(
                        "INSERT INTO whole VALUES (1, 'v', 'w')",
                        "UPDATE whole SET w = 'x'",
                        "INSERT INTO nobodys VALUES (1)",
                        "INSERT INTO keyless VALUES ('v', 'w')",
                        "INSERT INTO mixed VALUES (1, 'v')",
                        "INSERT INTO parent VALUES (1, 'v')",
                        "INSERT INTO other.s VALUES (1, 'v')");
                run.finish();
                TableCost whole = cost(run.pipeline(), "whole");
                assertEquals(List.of(2L, 1L, 1L), List.of(whole.changes(), whole.inserts(), whole.updates()));
                assertTrue(whole.oldRowShare() > 0.2 && whole.oldRowShare() < 0.5, whole.toString());
                assertTrue(saving(run.pipeline(), "whole").obstacle().contains("run first: ALTER TABLE"));
                assertTrue(saving(run.pipeline(), "keyless").obstacle().contains("give the table a primary key first"));
                assertTrue(saving(run.pipeline(), "parent").obstacle().contains("inherit"));
                assertTrue(saving(run.pipeline(), "mixed").obstacle().contains("FOR TABLES IN SCHEMA"));
                assertTrue(saving(run.pipeline(), "s").obstacle().contains("publication schemas"));
                TableCost nobodys = cost(run.pipeline(), "nobodys");
                assertEquals(List.of("id"), nobodys.unread());
                assertEquals(
                        "BEGIN;\nALTER PUBLICATION \"named\" DROP TABLE \"public\".\"nobodys\";\nCOMMIT;",
                        saving(run.pipeline(), "nobodys").sql());
                source.sql(saving(run.pipeline(), "nobodys").sql());
            }
        }
    }
}
