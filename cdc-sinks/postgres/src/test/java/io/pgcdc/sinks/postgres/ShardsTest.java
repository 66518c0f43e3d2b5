package io.pgcdc.sinks.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.delivery.ReplayPlace;
import io.pgcdc.delivery.ReplayRequest;
import io.pgcdc.error.CdcException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.pipeline.Captured;
import io.pgcdc.pipeline.Pipeline;
import io.pgcdc.pipeline.PipelineControl;
import io.pgcdc.servers.testing.Await;
import io.pgcdc.servers.testing.EachPostgres;
import io.pgcdc.sink.Sink;
import io.pgcdc.sinks.postgres.projection.ProjectionSinkProvider;
import io.pgcdc.snapshot.SnapshotRequest;
import io.pgcdc.snapshot.SnapshotStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** Shards of one logical table, in one table of the target. */
class ShardsTest extends AlteredSource {

    private static final Map<String, String> ORDERS = Map.of("public.orders_[0-9]+", "shop.orders");

    private void bringNamed(Map<String, String> aliases, String... settings) {
        captured(aliases).bringTo(replica(settings));
    }

    private Captured captured(Map<String, String> aliases) {
        return new Captured(source(), directory.resolve("queue")).named(aliases);
    }

    private Map<String, Sink> replica(String... settings) {
        return Map.of("replica", target().sink(new ProjectionSinkProvider(), settings));
    }

    private void createShards() {
        source().sql(
                        "CREATE TABLE orders_1 (id int PRIMARY KEY, v text)",
                        "CREATE TABLE orders_2 (id int PRIMARY KEY, v text)",
                        "INSERT INTO orders_1 SELECT g, 'one' FROM generate_series(1, 3) g",
                        "INSERT INTO orders_2 SELECT g, 'two' FROM generate_series(11, 13) g");
    }

    private String rows() {
        return target().ask("SELECT string_agg(concat_ws(' ', id, v), ',' ORDER BY id) FROM shop.orders");
    }

    /** Its rows cannot be told from those of the other shard. */
    @EachPostgres
    void aTruncateOfOneShardLeavesTheRowsOfBoth(int version) {
        start(version);
        createShards();
        bringNamed(ORDERS, "create=true");
        assertEquals("1 one,2 one,3 one,11 two,12 two,13 two", rows());
        source().sql(
                        "BEGIN; UPDATE orders_1 SET v = 'new' WHERE id = 1; UPDATE orders_2 SET v = 'new' WHERE id = 11;"
                                + " UPDATE orders_1 SET v = 'newer' WHERE id = 1; COMMIT",
                        "DELETE FROM orders_2 WHERE id = 12",
                        "TRUNCATE orders_1",
                        "INSERT INTO orders_1 VALUES (2, 'again'), (4, 'one')");
        bringNamed(ORDERS, "create=true");
        assertEquals("1 newer,2 again,3 one,4 one,11 new,13 two", rows());
    }

    @Test
    void aShardThatIsMadeAgainDoesNotStopTheSink() {
        start(18);
        createShards();
        bringNamed(ORDERS, "create=true");
        source().sql(
                        "DROP TABLE orders_1",
                        "CREATE TABLE orders_1 (id int PRIMARY KEY, v text)",
                        "INSERT INTO orders_1 VALUES (3, 'again'), (4, 'again')",
                        "INSERT INTO orders_2 VALUES (14, 'two')");
        bringNamed(ORDERS, "create=true");
        assertEquals("1 one,2 one,3 again,4 again,11 two,12 two,13 two,14 two", rows());
    }

    /** A column that both get is added once. One that only one shard has is null in rows of the other. */
    @Test
    void columnsAreThoseOfAllShards() {
        start(18);
        createShards();
        source().sql("ALTER TABLE orders_2 ADD COLUMN only_two int", "UPDATE orders_2 SET only_two = 2");
        bringNamed(ORDERS, "create=true");
        source().sql(
                        "ALTER TABLE orders_1 ADD COLUMN w int",
                        "ALTER TABLE orders_1 ADD COLUMN x text DEFAULT 'x'",
                        "ALTER TABLE orders_2 ADD COLUMN w int",
                        "ALTER TABLE orders_2 ADD COLUMN x text DEFAULT 'x'",
                        "UPDATE orders_1 SET w = 1, x = NULL WHERE id = 1",
                        "UPDATE orders_2 SET w = 2, x = 'y' WHERE id = 11");
        bringNamed(ORDERS, "create=true");
        assertEquals(
                "1 one - 1 -,2 one - - x,3 one - - x,11 two 2 2 y,12 two 2 - x,13 two 2 - x",
                target().ask(
                                "SELECT string_agg(concat_ws(' ', id, v, coalesce(only_two::text, '-'), coalesce(w::text, '-'),"
                                        + " coalesce(x, '-')), ',' ORDER BY id) FROM shop.orders"));
    }

    /** It is as if the other shard were on another node, with a pipeline of its own, whose sink was first. */
    @Test
    void aColumnThatAnotherPipelineAddedKeepsItsValues() {
        start(18);
        createShards();
        bringNamed(ORDERS, "create=true");
        target().sql(
                        "ALTER TABLE shop.orders ADD COLUMN w int, ADD COLUMN x text",
                        "INSERT INTO shop.orders VALUES (100, 'other', 5, 'value')");
        source().sql("ALTER TABLE orders_1 ADD COLUMN w int", "UPDATE orders_1 SET w = 1 WHERE id = 1");
        bringNamed(ORDERS, "create=true");
        source().sql(
                        "ALTER TABLE orders_2 ADD COLUMN x text DEFAULT 'x'",
                        "UPDATE orders_2 SET v = 'new' WHERE id = 11");
        CdcException e = assertThrows(CdcException.class, () -> bringNamed(ORDERS, "create=true"));
        assertEquals(ErrorCode.REPLICA_DIVERGES, e.code());
        run(target(), e, "In the target: (.*?;) Then start again\\.");
        bringNamed(ORDERS, "create=true");
        assertEquals(
                "1 one 1 x,2 one x,3 one x,11 new x,12 two x,13 two x,100 other 5 value",
                target().ask("SELECT string_agg(concat_ws(' ', id, v, w, x), ',' ORDER BY id) FROM shop.orders"));
    }

    /** The target cannot know which rows are meant, so the statements leave those of the other shard alone. */
    @Test
    void remediesNameTheShardAndDeleteNoRowsOfOthers() {
        start(18);
        createShards();
        bringNamed(ORDERS, "create=true");
        source().sql(
                        "ALTER TABLE orders_1 ALTER id TYPE bigint USING id * 100",
                        "UPDATE orders_1 SET v = 'x' WHERE id = 100");
        CdcException e = assertThrows(CdcException.class, () -> bringNamed(ORDERS, "create=true"));
        assertEquals(ErrorCode.REPLICA_DIVERGES, e.code());
        assertTrue(e.getMessage().contains("UPDATE \"public\".\"orders_1\" SET \"v\" = \"v\""), e.getMessage());
        assertTrue(e.getMessage().contains("Delete the rows of public.orders_1 there by hand."), e.getMessage());
        assertTrue(!e.getMessage().contains("DELETE FROM"), e.getMessage());
        target().sql("DELETE FROM shop.orders WHERE id < 10");
        run(target(), e, "In the target: (.*?;) Then start again\\.");
        run(source(), e, "On the source, to have all rows sent again: (.*;)$");
        bringNamed(ORDERS, "create=true");
        assertEquals("11 two,12 two,13 two,100 x,200 one,300 one", rows());
    }

    /** The first table takes the logical name in the target; the rows of the next one are moved by the SQL that is printed. */
    @Test
    void tablesThatGetAnAliasLaterAreBroughtTogether() {
        start(18);
        createShards();
        bringNamed(Map.of(), "create=true");
        assertEquals("3", target().ask("SELECT count(*) FROM orders_2"));
        source().sql("UPDATE orders_1 SET v = 'x' WHERE id = 1", "UPDATE orders_2 SET v = 'x' WHERE id = 11");
        CdcException e = assertThrows(CdcException.class, () -> bringNamed(ORDERS, "create=true"));
        assertEquals(ErrorCode.REPLICA_DIVERGES, e.code());
        assertEquals("1 x,2 one,3 one", rows());
        run(target(), e, "In the target: (.*?;) Then start again\\.");
        bringNamed(ORDERS, "create=true");
        assertEquals("1 x,2 one,3 one,11 x,12 two,13 two", rows());
        assertEquals("null", target().ask("SELECT to_regclass('orders_2')"));
    }

    /** The other pipelines' rows do not come again. */
    @Test
    void aReplayDoesNotEmptyTheTableOfAllShards() throws Exception {
        start(18);
        createShards();
        captured(ORDERS).retaining(1 << 20).bringTo(replica("create=true"));
        ReplayPlace begin = new ReplayPlace(null, Instant.now());
        source().sql("UPDATE orders_1 SET v = 'new'", "UPDATE orders_2 SET v = 'new' WHERE id = 11");
        captured(ORDERS).retaining(1 << 20).bringTo(replica("create=true"));
        target().sql("UPDATE shop.orders SET v = 'wrong'");
        Pipeline pipeline = captured(ORDERS).retaining(1 << 20).pipeline(replica("create=true"));
        CompletableFuture<Void> run = CompletableFuture.runAsync(pipeline::run);
        PipelineControl control = pipeline.control();
        ExecutionException e = assertThrows(
                ExecutionException.class,
                () -> control.replay("replica", new ReplayRequest(begin, null, List.of(), true))
                        .get());
        assertTrue(
                String.valueOf(e.getCause().getMessage()).contains("--reset would empty shop.orders in the target"),
                e.getCause().getMessage());
        control.replay("replica", new ReplayRequest(begin, null, List.of(), false))
                .get();
        control.stopWhenCaughtUp();
        run.get();
        assertEquals("1 new,2 new,3 new,11 new,12 wrong,13 wrong", rows());
    }

    @Test
    void aSnapshotOfOneShardDeletesNoRowsOfTheOther() throws Exception {
        start(18);
        createShards();
        bringNamed(ORDERS, "create=true");
        Pipeline pipeline = captured(ORDERS).pipeline(replica("create=true"));
        Thread running = new Thread(pipeline::run, "shards");
        running.start();
        try {
            PipelineControl control = pipeline.control();
            Await.until("the run", () -> pipeline.status().source() != null);
            control.snapshot(new SnapshotRequest(List.of("orders_1"), null, List.of(), true));
            Await.until(
                    "the snapshot",
                    () -> pipeline.status().snapshots().get(0).state() == SnapshotStatus.State.FINISHED);
            control.stopWhenCaughtUp();
        } finally {
            running.join();
        }
        assertEquals("1 one,2 one,3 one,11 two,12 two,13 two", rows());
    }
}
