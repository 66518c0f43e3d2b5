package io.pgcdc.sinks.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.CdcException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.pipeline.Captured;
import io.pgcdc.queue.ConfirmPolicy;
import io.pgcdc.sink.Sink;
import io.pgcdc.sinks.postgres.changelog.ChangeLogSinkProvider;
import io.pgcdc.testkit.sinks.TargetDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The queue's directory is lost, and the sinks keep their positions: nothing is lost, nothing twice. */
class LostQueueTest {

    @TempDir
    Path directory;

    private TargetDatabase source;
    private TargetDatabase target;

    @BeforeEach
    void createDatabases() {
        source = new TargetDatabase(18);
        target = new TargetDatabase(18);
        source.sql("CREATE TABLE t (id int PRIMARY KEY)", "CREATE PUBLICATION captured FOR ALL TABLES");
        ReplicaTest.slot(source);
    }

    @AfterEach
    void dropDatabases() {
        source.close();
        target.close();
    }

    private Map<String, Sink> log() {
        return Map.of("log", target.sink(new ChangeLogSinkProvider(), "create=true"));
    }

    private List<String> ids() {
        return target.list("SELECT record_id FROM cdc_pattern.change_logs ORDER BY change_id");
    }

    @Test
    void theSlotBringsWhatTheSinkHasAndItPassesOverIt() {
        String slot = source.name() + "_slot";
        source.sql("SELECT pg_copy_logical_replication_slot('" + slot + "', '" + slot + "_before')");
        source.sql("INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (2)");
        new Captured(source, directory.resolve("one")).bringTo(log());
        // as if the last run's acknowledgements had not reached the server
        source.sql(
                "SELECT pg_drop_replication_slot('" + slot + "')",
                "SELECT pg_copy_logical_replication_slot('" + slot + "_before', '" + slot + "')",
                "INSERT INTO t VALUES (3)");
        target.sql("UPDATE pgcdc.sink_positions SET epoch = 2");
        new Captured(source, directory.resolve("two")).bringTo(log());
        assertEquals(List.of("1", "2", "3"), ids());
        assertEquals(
                List.of("0", "0", "2"), target.list("SELECT epoch FROM cdc_pattern.change_logs ORDER BY change_id"));
    }

    /** Which policy {@code auto} had is lost with the queue, so it counts as {@code queue}. */
    @ParameterizedTest
    @EnumSource(names = {"QUEUE", "AUTO"})
    void whatOnlyTheLostQueueHeldIsNamed(ConfirmPolicy confirm) {
        source.sql("INSERT INTO t VALUES (1)");
        new Captured(source, directory.resolve("one")).confirmed(confirm).bringTo(log());
        source.sql(
                "INSERT INTO t VALUES (2)",
                "SELECT pg_replication_slot_advance('" + source.name() + "_slot', pg_current_wal_flush_lsn())");
        CdcException e = assertThrows(
                CdcException.class,
                () -> new Captured(source, directory.resolve("two"))
                        .confirmed(confirm)
                        .bringTo(log()));
        assertEquals(ErrorCode.POSITION_GAP, e.code());
        assertTrue(
                e.getMessage().contains("changes in between that only a lost queue held are missing in the sink"),
                e.getMessage());
        assertEquals(List.of("1"), ids());
    }

    @Test
    void aServerThatIsBehindTheSinksIsNamed() {
        source.sql("INSERT INTO t VALUES (1)");
        new Captured(source, directory.resolve("one")).bringTo(log());
        target.sql("UPDATE pgcdc.sink_positions SET commit_lsn = 'FFFF/0'");
        CdcException e =
                assertThrows(CdcException.class, () -> new Captured(source, directory.resolve("two")).bringTo(log()));
        assertEquals(ErrorCode.SERVER_BEHIND, e.code());
    }
}
