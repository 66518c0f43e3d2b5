package io.pgcdc.sinks.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.CdcException;
import io.pgcdc.model.Column;
import io.pgcdc.model.PgType;
import io.pgcdc.model.Relation;
import io.pgcdc.model.ReplicaIdentity;
import io.pgcdc.sink.Batch;
import io.pgcdc.sink.Durability;
import io.pgcdc.sink.RefusedChangeException;
import io.pgcdc.sink.Sink;
import io.pgcdc.sinks.postgres.projection.ProjectionSinkProvider;
import io.pgcdc.testkit.sink.TestChanges;
import io.pgcdc.testkit.sinks.Markers;
import io.pgcdc.testkit.sinks.TargetDatabase;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A sink that cannot know which rows exist at the source deletes none at the end of a snapshot that reconciles. */
class GivenUpReconcileTest {

    private static final String ALL = "1 old,2 old,3 old";
    private static final String ONE = "1 a";

    private final PrintStream err = System.err;
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private TargetDatabase target;

    /** The target refuses the value {@code refused}. Row 3 does not exist at the source. */
    @BeforeEach
    void createDatabase() {
        target = new TargetDatabase(18);
        target.sql(
                "CREATE SCHEMA kit",
                "CREATE TABLE kit.items (id text PRIMARY KEY, v text CHECK (v <> 'refused'))",
                "INSERT INTO kit.items VALUES (1, 'old'), (2, 'old'), (3, 'old')");
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void dropDatabase() {
        System.setErr(err);
        target.close();
    }

    private Sink open(String... settings) {
        return target.open(new ProjectionSinkProvider(), settings);
    }

    private Sink open() {
        return open("create=true");
    }

    private static void send(Sink sink, Batch... batches) {
        for (Batch batch : batches) {
            sink.write(batch);
        }
        assertEquals(Durability.DURABLE, sink.flush());
    }

    /** Writes the changes as a pipeline with dead letters does. The target refuses the first one. */
    private static Batch sendWithoutFirst(Sink sink, TestChanges changes) {
        assertThrows(RefusedChangeException.class, () -> sink.write(changes.batch()));
        Batch rest = changes.batchWithout(0, true);
        sink.write(rest);
        return rest;
    }

    private static OtherLayout others() {
        return OtherLayout.of(table -> new Relation(
                table.version() + 1,
                table.oid() + 1,
                table.schema(),
                "others",
                table.identity(),
                table.columns(),
                table.recordIdColumns(),
                table.publications()));
    }

    private void refersToRow3() {
        target.sql("CREATE TABLE kit.parts (item text REFERENCES kit.items)", "INSERT INTO kit.parts VALUES (3)");
    }

    private String said() {
        return log.toString(StandardCharsets.UTF_8);
    }

    private String rows() {
        return target.ask("SELECT string_agg(concat_ws(' ', id, v), ',' ORDER BY id) FROM kit.items");
    }

    private void assertGivenUp(String rows, String position) {
        assertEquals(rows, rows());
        assertEquals("0", target.ask("SELECT count(*) FROM pg_class WHERE relname LIKE '%\\_seen\\_%'"));
        assertTrue(
                said().lines()
                        .anyMatch(line -> line.contains("WARN")
                                && line.contains("sink kit: no row of kit.items is deleted")
                                && line.contains("(change " + position + ")")
                                && line.contains("cdc snapshot -c cdc.yaml --table kit.items --to kit --reconcile")),
                said());
    }

    private static TestChanges refusedRead() {
        return new TestChanges(2).read("2", "refused").read("1", "old");
    }

    private static TestChanges refusedUpdate() {
        return new TestChanges(2).update("2", "refused").update("1", "old");
    }

    @Test
    void aRefusedRowOfTheSnapshotStays() {
        try (Sink sink = open()) {
            send(sink, Markers.begin(1));
            sendWithoutFirst(sink, refusedRead());
            send(sink, Markers.end(3));
            assertGivenUp(ALL, "0/200:r0");
        }
    }

    @Test
    void aRowWhoseUpdateIsRefusedStays() {
        try (Sink sink = open()) {
            send(sink, Markers.begin(1));
            sendWithoutFirst(sink, refusedUpdate());
            send(sink, Markers.end(3));
            assertGivenUp(ALL, "0/200:0");
        }
    }

    /** The second refusal rolls back what came since the first. */
    @Test
    void aLaterRefusalUndoesNothing() {
        refersToRow3();
        try (Sink sink = open()) {
            send(sink, Markers.begin(1));
            TestChanges all =
                    new TestChanges(2).update("2", "refused").delete("3").update("1", "old");
            assertThrows(RefusedChangeException.class, () -> sink.write(all.batch()));
            sendWithoutFirst(sink, new TestChanges(2).skip().delete("3").update("1", "old"));
            send(sink, Markers.end(3));
        }
        assertGivenUp(ALL, "0/200:0");
    }

    /** The row does not exist at the source. The end of the snapshot may delete it. */
    @Test
    void aRefusedDeleteDoesNotCount() {
        refersToRow3();
        try (Sink sink = open()) {
            send(sink, Markers.begin(1), new TestChanges(2).read("1", "a").batch());
            sendWithoutFirst(sink, new TestChanges(3).delete("3").update("1", "b"));
            send(sink);
            target.sql("DROP TABLE kit.parts");
            send(sink, Markers.end(4));
        }
        assertEquals("1 b", rows());
        assertFalse(said().contains("is deleted"));
    }

    /** The projection refuses it without asking the server. No other change is in its transaction. */
    @Test
    void aRowWhoseKeyIsUnknownStays() {
        target.sql("UPDATE kit.items SET v = v || id", "ALTER TABLE kit.items ADD UNIQUE (v)");
        TestChanges update = new TestChanges(2).update("2", "new");
        try (Sink sink = open("create=true", "columns=id,v", "table=kit.items", "key=v")) {
            send(sink, Markers.begin(1));
            assertThrows(RefusedChangeException.class, () -> sink.write(update.batch()));
            sink.write(update.batchWithout(0, true));
            send(sink);
        }
        try (Sink sink = open("create=true", "columns=id,v", "table=kit.items", "key=v")) {
            send(sink, Markers.end(3));
            assertGivenUp("1 old1,2 old2,3 old3", "0/200:0");
        }
    }

    @Test
    void aRestartAfterTheRefusalDeletesNothing() {
        try (Sink sink = open()) {
            send(sink, Markers.begin(1));
            sendWithoutFirst(sink, refusedRead());
            send(sink);
        }
        try (Sink sink = open()) {
            send(sink, Markers.end(3));
        }
        assertGivenUp(ALL, "0/200:r0");
    }

    /** The target rolls back. The pipeline does not send the refused change again. */
    @Test
    void aLostConnectionAfterTheRefusalDeletesNothing() {
        Batch rest;
        try (Sink sink = open()) {
            send(sink, Markers.begin(1));
            rest = sendWithoutFirst(sink, refusedUpdate());
            target.proxy().cut();
            assertThrows(CdcException.class, sink::flush);
            send(sink, rest, Markers.end(3));
        }
        assertGivenUp(ALL, "0/200:0");
    }

    /** The beginning comes again, but the refused change does not. */
    @Test
    void aBeginningThatIsRepeatedAfterTheRefusalDeletesNothing() {
        try (Sink sink = open()) {
            sink.write(Markers.begin(1));
            Batch rest = sendWithoutFirst(sink, refusedUpdate());
            target.proxy().cut();
            assertThrows(CdcException.class, sink::flush);
            send(sink, Markers.begin(1), rest);
        }
        try (Sink sink = open()) {
            send(sink, Markers.end(3));
        }
        assertGivenUp(ALL, "0/200:0");
    }

    /** After a lost connection nothing is left to commit, so only the new connection can make it durable. */
    @Test
    void aLostConnectionAndARestartDeleteNothing() {
        TestChanges only = new TestChanges(2).update("2", "refused");
        try (Sink sink = open()) {
            send(sink, Markers.begin(1));
            Batch empty = sendWithoutFirst(sink, only);
            target.proxy().cut();
            assertThrows(CdcException.class, sink::flush);
            send(sink, empty);
        }
        try (Sink sink = open()) {
            send(sink, Markers.end(3));
        }
        assertEquals(ALL, rows());
    }

    /** The sink confirms a batch of which nothing is left. That does not make durable what comes later. */
    @Test
    void aRepeatThatBeginsWithAnEmptyBatchDeletesNothing() {
        target.sql("CREATE TABLE kit.others (LIKE kit.items INCLUDING ALL)", "INSERT INTO kit.others TABLE kit.items");
        OtherLayout others = others();
        TestChanges second = new TestChanges(4).update("2", "refused");
        try (Sink sink = open()) {
            send(sink, Markers.begin(1));
            Batch empty = sendWithoutFirst(sink, new TestChanges(2).update("2", "refused"));
            sink.write(others.show(Markers.begin(3)));
            assertThrows(RefusedChangeException.class, () -> sink.write(others.show(second.batch())));
            target.proxy().cut();
            assertThrows(CdcException.class, sink::flush);
            assertEquals(Durability.DURABLE, sink.write(empty));
            send(sink, others.show(Markers.begin(3)), second.batchWithout(0, true), others.show(Markers.end(5)));
        }
        assertEquals(ALL, target.ask("SELECT string_agg(id || ' ' || v, ',' ORDER BY id) FROM kit.others"));
        assertGivenUp(ALL, "0/200:0");
    }

    @Test
    void theNextSnapshotReconcilesAgain() {
        try (Sink sink = open()) {
            send(sink, Markers.begin(1));
            sendWithoutFirst(sink, refusedRead());
            send(
                    sink,
                    Markers.end(3),
                    Markers.begin(4),
                    new TestChanges(5).read("1", "a").batch(),
                    Markers.end(6));
            assertGivenUp(ONE, "0/200:r0");
        }
    }

    /** What is refused outside of a reconciliation does not concern it. */
    @Test
    void aRefusalBeforeTheBeginningDoesNotCount() {
        try (Sink sink = open()) {
            sendWithoutFirst(sink, refusedUpdate());
            send(sink, Markers.begin(3), new TestChanges(4).read("1", "a").batch(), Markers.end(5));
            assertEquals(ONE, rows());
            assertFalse(said().contains("is deleted"));
        }
    }

    /** Without dead letters, the sink stops, and continues with the change. */
    @Test
    void aRefusalThatStopsTheSinkDoesNotCount() {
        try (Sink sink = open()) {
            send(sink, Markers.begin(1));
            assertThrows(
                    RefusedChangeException.class, () -> sink.write(refusedRead().batch()));
        }
        target.sql("ALTER TABLE kit.items DROP CONSTRAINT items_v_check");
        try (Sink sink = open()) {
            send(sink, refusedRead().batch(), Markers.end(3));
        }
        assertEquals("1 old,2 refused", rows());
        assertFalse(said().contains("is deleted"));
    }

    /** The rows that the end would delete are still referenced. Their keys are not kept further. */
    @Test
    void anEndThatIsRefusedEndsTheReconciliation() {
        refersToRow3();
        try (Sink sink = open()) {
            send(sink, Markers.begin(1), new TestChanges(2).read("1", "a").batch());
            assertThrows(RefusedChangeException.class, () -> sink.write(Markers.end(3)));
            send(sink, new TestChanges(4).update("1", "b").batch());
        }
        assertGivenUp("1 b,2 old,3 old", "0/300:r0");
    }

    /** Without the comparison, a key that fits in the altered column does not fit in the table of keys. */
    @Test
    void anotherTypeOfTheKeyIsNoError() {
        target.sql("ALTER TABLE kit.items ALTER id TYPE int USING id::int");
        try (Sink sink = open()) {
            send(sink, Markers.begin(1), new TestChanges(2).read("1", "a").batch());
            target.sql("ALTER TABLE kit.items ALTER id TYPE bigint");
            send(sink, new TestChanges(3).read("5000000000", "b").batch(), Markers.end(4));
        }
        assertGivenUp("1 a,2 old,3 old,5000000000 b", "0/300:r0");
    }

    @Test
    void anotherKeyAfterARestartIsNoError() {
        target.sql("UPDATE kit.items SET v = v || id", "ALTER TABLE kit.items ADD UNIQUE (v)");
        String[] settings = {"table=kit.items", "columns=id,v", "create=true", "key=id"};
        try (Sink sink = open(settings)) {
            send(sink, Markers.begin(1), new TestChanges(2).read("1", "old1").batch());
        }
        settings[3] = "key=v";
        try (Sink sink = open(settings)) {
            send(sink, Markers.end(4));
        }
        assertGivenUp("1 old1,2 old2,3 old3", "0/400:r0");
    }

    /** The sink follows the source, whose key has a second column now. */
    @Test
    void anotherKeyAtTheSourceIsNoError() {
        OtherLayout longer = OtherLayout.of(table -> new Relation(
                table.version() + 1,
                table.oid(),
                table.schema(),
                table.name(),
                ReplicaIdentity.DEFAULT,
                List.of(table.columns().get(0), new Column("v", PgType.base(25, "text"), -1, true)),
                List.of(0, 1),
                table.publications()));
        try (Sink sink = open()) {
            send(sink, Markers.begin(1), new TestChanges(2).read("1", "old").batch());
            Batch insert = new TestChanges(3).insert("4", "new").batch();
            send(sink, longer.show(insert), longer.show(Markers.end(4)));
        }
        assertGivenUp(ALL + ",4 new", "0/300:0");
    }

    /** The rows of the other table are in the target, but only one table was read. */
    @Test
    void rowsOfATableThatJoinsMeanwhileStay() {
        try (Sink sink = open("table=kit.items", "columns=id,v", "create=true")) {
            send(sink, Markers.begin(1), new TestChanges(2).read("1", "a").batch());
            Batch insert = new TestChanges(3).insert("4", "other").batch();
            send(sink, others().show(insert), Markers.end(4));
        }
        assertGivenUp("1 a,2 old,3 old,4 other", "0/400:r0");
    }
}
