package io.pgcdc.sinks.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.CdcException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.pipeline.Captured;
import io.pgcdc.sinks.postgres.projection.ProjectionSinkProvider;
import io.pgcdc.testkit.sinks.TargetDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two sinks write tables of one target, with a foreign key between them, and one is ahead of the other. */
class WaitingForParentsTest {

    @TempDir
    Path directory;

    @Test
    void aRowWaitsForTheParentThatAnotherSinkWrites() {
        String ddl = "CREATE TABLE m (id int PRIMARY KEY); CREATE TABLE c (id int PRIMARY KEY, m int REFERENCES m)";
        try (TargetDatabase source = new TargetDatabase(18);
                TargetDatabase target = new TargetDatabase(18)) {
            source.sql(ddl, "CREATE PUBLICATION captured FOR ALL TABLES");
            target.sql(ddl);
            ReplicaTest.slot(source);
            source.sql("INSERT INTO m VALUES (1)");
            bring(source, target, "parents", "public.c");
            source.sql(
                    "INSERT INTO c VALUES (1, 1)",
                    "INSERT INTO m VALUES (2)",
                    "BEGIN; INSERT INTO c VALUES (2, 1); INSERT INTO c VALUES (3, 2); COMMIT");
            CdcException e = assertThrows(CdcException.class, () -> bring(source, target, "children", "public.m"));
            assertEquals(ErrorCode.TARGET_STAYS_BUSY, e.code(), e.getMessage());
            assertTrue(e.getMessage().contains("waits for a row of public.m"), e.getMessage());
            // what came before is there, for a sink that waits for this one
            assertEquals(List.of("(1,1)"), target.list("SELECT c FROM c"));
            bring(source, target, "parents", "public.c");
            bring(source, target, "children", "public.m");
            assertEquals(List.of("(1,1)", "(2,1)", "(3,2)"), target.list("SELECT c FROM c ORDER BY id"));

            target.sql("DELETE FROM pgcdc.sink_positions WHERE sink = 'parents'");
            source.sql("ALTER TABLE c DROP CONSTRAINT c_m_fkey", "INSERT INTO c VALUES (4, 9)");
            CdcException never = assertThrows(CdcException.class, () -> bring(source, target, "children", "public.m"));
            assertEquals(ErrorCode.CHANGE_REFUSED, never.code(), "no other sink writes the parents");
        }
    }

    private void bring(TargetDatabase source, TargetDatabase target, String sink, String without) {
        new Captured(source, directory.resolve("queue"))
                .retaining(1_000_000)
                .retrying(2)
                .without(without)
                .bringTo(Map.of(sink, target.sinkOf(sink, new ProjectionSinkProvider(), "create=true", "origin=off")));
    }
}
