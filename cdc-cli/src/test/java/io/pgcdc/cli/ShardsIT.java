package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.Await;
import io.pgcdc.testkit.process.CdcProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One process reads two nodes of a sharded database. Their shards go to one table of the target. */
class ShardsIT {

    @TempDir
    Path directory;

    private Path configure(PgServer server, String one, String two, String target) throws IOException {
        return Files.writeString(directory.resolve("cdc.yaml"), """
                pipelines:
                - source:
                    url: "%1$s"
                    slot: %2$s
                    publications: [p]
                    create_slot: true
                    table_aliases: {"public.orders_[0-9]+": public.orders, "public.countries_[0-9]+": public.countries}
                  queue: {dir: "%6$s/one"}
                  snapshot: {mode: initial}
                  sinks: [{name: replica, type: projection, url: "%5$s", create: true}]
                - source:
                    url: "%3$s"
                    slot: %4$s
                    publications: [p]
                    create_slot: true
                    table_aliases: {"public.orders_[0-9]+": public.orders, "public.countries_[0-9]+": public.countries}
                  queue: {dir: "%6$s/two"}
                  snapshot: {mode: initial}
                  sinks: [{name: replica, type: projection, url: "%5$s", create: true, exclude_tables: [public.countries]}]
                """.formatted(
                        server.url(one), one, server.url(two), two, server.url(target), directory));
    }

    @Test
    void theShardsOfAllNodesGoToOneTable() throws Exception {
        PgServer server = PgServer.shared(18);
        String one = server.createDatabase("node_one");
        String two = server.createDatabase("node_two");
        String target = server.createDatabase("target");
        try (Connection toOne = server.connect(one);
                Connection toTwo = server.connect(two);
                Connection toTarget = server.connect(target);
                Statement inOne = toOne.createStatement();
                Statement inTwo = toTwo.createStatement();
                Statement inTarget = toTarget.createStatement()) {
            create(inOne, 1, 3);
            create(inTwo, 2, 4);
            Path config = configure(server, one, two, target);
            try (CdcProcess run = CdcProcess.start(directory, "run", "-c", config.toString())) {
                awaitRows(inTarget, "10 new,20 new,30 new,40 new");
                inOne.execute("UPDATE orders_1 SET v = 'sent' WHERE id = 10");
                inTwo.execute(
                        "BEGIN; UPDATE orders_4 SET v = 'sent' WHERE id = 40; INSERT INTO orders_2 VALUES (21, 'new'); COMMIT");
                inOne.execute("TRUNCATE orders_3");
                inOne.execute("INSERT INTO orders_3 VALUES (31, 'new')");
                awaitRows(inTarget, "10 sent,20 new,21 new,30 new,31 new,40 sent");
                assertTrue(run.stderr().contains("TRUNCATE of public.orders_3 at"), run.stderr());
                CommandRun top = CommandRun.of(List.of("top", "-c", config.toString(), "--pipeline", two));
                assertTrue(top.stdout().contains("public.orders_4 "), top.stdout() + top.stderr());
                run.terminate();
                assertEquals(0, run.awaitExit(), run.stderr());
            }
            inTwo.execute("DELETE FROM orders_2 WHERE id = 20");
            inOne.execute("DELETE FROM orders_1 WHERE id = 10");
            try (CdcProcess run = CdcProcess.start(directory, "run", "-c", config.toString())) {
                awaitRows(inTarget, "21 new,30 new,31 new,40 sent");
                run.terminate();
                assertEquals(0, run.awaitExit(), run.stderr());
            }
            assertEquals("1 of 1,3 of 1", ask(inTarget, "SELECT string_agg(name, ',' ORDER BY id) FROM countries"));
        } finally {
            server.dropDatabase(one);
            server.dropDatabase(two);
            server.dropDatabase(target);
        }
    }

    /** Creates two shards, and a table that is on every node. */
    private static void create(Statement node, int first, int second) throws SQLException {
        for (int shard : new int[] {first, second}) {
            node.execute("CREATE TABLE orders_" + shard + " (id int PRIMARY KEY, v text)");
            node.execute("INSERT INTO orders_" + shard + " VALUES (" + shard + "0, 'new')");
        }
        node.execute("CREATE TABLE countries_9 (id int PRIMARY KEY, name text)");
        node.execute("INSERT INTO countries_9 SELECT g, g || ' of " + first + "' FROM unnest(ARRAY[1, 3]) g");
        node.execute("CREATE PUBLICATION p FOR ALL TABLES");
    }

    private static void awaitRows(Statement target, String rows) throws SQLException {
        Await.until(
                rows,
                () -> !"null".equals(ask(target, "SELECT to_regclass('public.orders')"))
                        && rows.equals(ask(
                                target,
                                "SELECT string_agg(concat_ws(' ', id, v), ',' ORDER BY id) FROM public.orders")));
    }

    private static String ask(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            row.next();
            return String.valueOf(row.getString(1));
        }
    }
}
