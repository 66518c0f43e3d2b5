package io.pgcdc.sinks.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.CdcException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.pipeline.Captured;
import io.pgcdc.servers.PgServer;
import io.pgcdc.sinks.postgres.projection.ProjectionSinkProvider;
import io.pgcdc.testkit.sinks.TargetDatabase;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A target that has room for few locks, and a replica that creates more tables than one of its transactions can hold. */
class ManyTablesTest {

    private static final int TABLES = 40;

    /** Creates tables in one transaction, and runs a statement for each in a transaction of its own. */
    private static final String EACH = "DO $$ BEGIN FOR i IN 1..%d LOOP EXECUTE format('%s', i); %s END LOOP; END $$";

    /** Takes all locks that the server has room for. Gives back so many that a transaction can create about 20 tables. */
    private static final String FEW_LOCKS = """
            DO $$ DECLARE i int := 0; BEGIN LOOP i := i + 1; PERFORM pg_advisory_lock(i); END LOOP;
            EXCEPTION WHEN out_of_memory THEN NULL; END $$;
            SELECT pg_advisory_unlock(i) FROM generate_series(1, 80) i""";

    @TempDir
    Path directory;

    private static void bring(TargetDatabase source, TargetDatabase target, Path queue) {
        new Captured(source, queue)
                .retrying(5)
                .bringTo(Map.of("replica", target.sink(new ProjectionSinkProvider(), "create=true", "origin=off")));
    }

    @Test
    void groupsShrinkUntilTheTargetHasRoom() throws Exception {
        try (TargetDatabase source = new TargetDatabase(18);
                PgServer server = PgServer.start(18, Map.of("max_locks_per_transaction", "10"));
                TargetDatabase target = new TargetDatabase(server)) {
            target.sql(FEW_LOCKS);
            source.sql(
                    EACH.formatted(TABLES, "CREATE TABLE t%s (id int PRIMARY KEY, v text)", ""),
                    "CREATE PUBLICATION captured FOR ALL TABLES");
            ReplicaTest.slot(source);
            source.sql(EACH.formatted(TABLES, "INSERT INTO t%s VALUES (1)", "COMMIT;"));
            bring(source, target, directory.resolve("queue"));
            String count = "SELECT count(*) FROM pg_tables WHERE tablename LIKE 't%'";
            assertEquals(String.valueOf(TABLES), target.ask(count));
            source.sql(
                    EACH.formatted(TABLES, "CREATE TABLE u%s (id int PRIMARY KEY, v text)", ""),
                    EACH.formatted(TABLES, "INSERT INTO u%s VALUES (1)", ""));
            CdcException e = assertThrows(CdcException.class, () -> bring(source, target, directory.resolve("queue")));
            assertEquals(ErrorCode.TARGET_STAYS_BUSY, e.code());
            assertTrue(e.getMessage().contains("max_locks_per_transaction"), e.getMessage());
        }
    }
}
