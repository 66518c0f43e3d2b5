package io.pgcdc.sinks.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.CdcException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.pipeline.Captured;
import io.pgcdc.sink.Durability;
import io.pgcdc.sink.RefusedChangeException;
import io.pgcdc.sink.Sink;
import io.pgcdc.sinks.postgres.changelog.ChangeLogSinkProvider;
import io.pgcdc.sinks.postgres.projection.ProjectionSinkProvider;
import io.pgcdc.testkit.sink.TestChanges;
import io.pgcdc.testkit.sinks.TargetDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the other changes when the target refuses one. */
class RefusedChangesTest {

    private static final long TIME = 1_767_323_045_000_000L;

    @TempDir
    Path directory;

    private TargetDatabase target;

    @BeforeEach
    void createDatabase() {
        target = new TargetDatabase(18);
    }

    @AfterEach
    void dropDatabase() {
        target.close();
    }

    private static final String NO_BOB = """
            CREATE FUNCTION no_bob() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN IF to_jsonb(NEW)::text LIKE '%bob%' THEN RAISE EXCEPTION 'secret' USING ERRCODE = 'UE001'; END IF; RETURN NEW; END $$;
            """;

    /** A transaction that comes in parts is there whole or not at all, also when a change of its first part is put aside. */
    @Test
    void aTransactionInPartsStaysWhole() {
        Sink sink = target.open(new ChangeLogSinkProvider(), "create=true");
        target.sql(
                NO_BOB,
                "CREATE TRIGGER no_bob BEFORE INSERT ON cdc_pattern.change_logs FOR EACH ROW EXECUTE FUNCTION no_bob()");
        sink.write(new TestChanges(TIME).insert("1", "a").batch());
        TestChanges first =
                new TestChanges(TIME + 1).insert("2", "b").insert("3", "bob").insert("4", "d");
        RefusedChangeException refused =
                assertThrows(RefusedChangeException.class, () -> sink.write(first.batch(false)));
        assertFalse(refused.getMessage().contains("secret"), refused.getMessage());
        assertTrue(refused.getMessage().contains("in function no_bob"), refused.getMessage());
        sink.write(first.batchWithout(1, false));
        assertEquals(List.of("1"), target.list("SELECT record_id FROM cdc_pattern.change_logs ORDER BY 1"));
        sink.write(first.next().insert("5", "e").batch());
        assertEquals(Durability.DURABLE, sink.flush());
        sink.close();
        assertEquals(
                List.of("1", "2", "4", "5"),
                target.list("SELECT record_id FROM cdc_pattern.change_logs ORDER BY change_id"));
    }

    @Test
    void aPartitionThatWentWithItsRowIsMadeAgain() {
        target.open(new ChangeLogSinkProvider(), "create=true", "partitions_ahead=0")
                .close();
        target.sql("ALTER TABLE cdc_pattern.change_logs ALTER record_id SET NOT NULL");
        try (Sink sink = target.open(new ChangeLogSinkProvider(), "create=true", "partitions_ahead=0")) {
            TestChanges refused = new TestChanges(TIME).withoutKey().insert("1", "a");
            assertThrows(RefusedChangeException.class, () -> sink.write(refused.batch()));
            sink.write(new TestChanges(TIME + 1).insert("2", "b").batch());
            assertEquals(Durability.DURABLE, sink.flush());
        }
        assertEquals(List.of("2"), target.list("SELECT record_id FROM cdc_pattern.change_logs_20260102"));
    }

    /** One is refused by the server, one without asking it, and another by the server: what stands between them is there. */
    @Test
    void severalOfABatchAreRefusedInTwoWays() {
        Sink sink = target.open(new ChangeLogSinkProvider(), "create=true");
        target.sql(
                NO_BOB,
                "CREATE TRIGGER no_bob BEFORE INSERT ON cdc_pattern.change_logs FOR EACH ROW EXECUTE FUNCTION no_bob()",
                "ALTER TABLE cdc_pattern.change_logs ADD CHECK (change_type <> 'TRUNCATE')");
        sink.close();
        Sink again = target.open(new ChangeLogSinkProvider());
        TestChanges changes = new TestChanges(TIME)
                .insert("1", "a")
                .at(TIME + 1)
                .insert("2", "b")
                .truncate()
                .insert("3", "c")
                .at(TIME + 2)
                .insert("4", "d")
                .insert("5", "bob")
                .at(TIME + 3)
                .insert("6", "f");
        RefusedChangeException first = assertThrows(RefusedChangeException.class, () -> again.write(changes.batch()));
        assertTrue(first.getMessage().contains("TRUNCATE"), first.getMessage());
        TestChanges rest = new TestChanges(TIME)
                .insert("1", "a")
                .at(TIME + 1)
                .insert("2", "b")
                .skip()
                .insert("3", "c")
                .at(TIME + 2)
                .insert("4", "d")
                .insert("5", "bob")
                .at(TIME + 3)
                .insert("6", "f");
        RefusedChangeException second = assertThrows(RefusedChangeException.class, () -> again.write(rest.batch()));
        assertTrue(second.getMessage().contains("no_bob"), second.getMessage());
        again.write(rest.batchWithout(4, true));
        assertEquals(Durability.DURABLE, again.flush());
        again.close();
        assertEquals(
                List.of("1", "2", "3", "4", "6"),
                target.list("SELECT record_id FROM cdc_pattern.change_logs ORDER BY change_id"));
    }

    @Test
    void rowsOfOtherTransactionsAndTruncatedTablesBearWithOne() throws Exception {
        String ddl = "CREATE TABLE b_parent (id int PRIMARY KEY, v text);"
                + " CREATE TABLE a_child (id int PRIMARY KEY, parent int REFERENCES b_parent DEFERRABLE INITIALLY DEFERRED)";
        try (TargetDatabase source = new TargetDatabase(18)) {
            source.sql(ddl, "CREATE PUBLICATION captured FOR ALL TABLES");
            target.sql(
                    ddl,
                    NO_BOB,
                    "CREATE TRIGGER no_bob BEFORE INSERT OR UPDATE ON b_parent FOR EACH ROW EXECUTE FUNCTION no_bob()");
            ReplicaTest.slot(source);
            source.sql(
                    "BEGIN; INSERT INTO a_child VALUES (1, 9); INSERT INTO b_parent VALUES (9, 'x'); COMMIT",
                    "BEGIN; INSERT INTO b_parent VALUES (8, 'bob'); INSERT INTO b_parent VALUES (7, 'y'); COMMIT",
                    "BEGIN; UPDATE b_parent SET v = 'xx' WHERE id = 9; COMMIT",
                    "INSERT INTO a_child VALUES (2, 8)");
            Captured captured = new Captured(source, directory.resolve("queue"), true);
            captured.bringTo(Map.of("replica", target.sink(new ProjectionSinkProvider(), "create=true")));
            assertEquals(List.of("7y", "9xx"), target.list("SELECT id || v FROM b_parent ORDER BY id"));
            assertEquals(
                    List.of("1"), target.list("SELECT id FROM a_child"), "the other one points at what was refused");
            assertEquals(
                    2,
                    Files.readAllLines(directory.resolve("queue/dead-letters/replica.jsonl"))
                            .size());

            source.sql("BEGIN; TRUNCATE b_parent, a_child; INSERT INTO b_parent VALUES (1, 'bob'), (2, 'z'); COMMIT");
            captured.bringTo(Map.of("replica", target.sink(new ProjectionSinkProvider(), "create=true")));
            assertEquals(List.of("2z"), target.list("SELECT id || v FROM b_parent ORDER BY id"));
            assertEquals(List.of(), target.list("SELECT id FROM a_child"));
        }
    }

    /** The target was restored from a backup while the sink was at work. */
    @Test
    void aTargetThatLostWhatItHadConfirmedIsRefused() {
        Sink sink = target.open(new ChangeLogSinkProvider(), "create=true");
        sink.write(new TestChanges(TIME).insert("1", "a").batch());
        sink.flush();
        sink.write(new TestChanges(TIME + 1).insert("2", "b").batch());
        target.proxy().cut();
        target.sql("UPDATE pgcdc.sink_positions SET commit_lsn = '0/1'");
        assertThrows(CdcException.class, sink::flush);
        CdcException e = assertThrows(
                CdcException.class,
                () -> sink.write(new TestChanges(TIME + 1).insert("2", "b").batch()));
        assertEquals(ErrorCode.TARGET_BEHIND, e.code());
        sink.close();
    }
}
