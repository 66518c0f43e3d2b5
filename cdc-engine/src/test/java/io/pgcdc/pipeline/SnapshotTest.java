package io.pgcdc.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.model.Position;
import io.pgcdc.servers.testing.Await;
import io.pgcdc.servers.testing.EachPostgres;
import io.pgcdc.servers.PgServer;
import io.pgcdc.snapshot.SnapshotMode;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A new slot begins with the rows that exist. */
class SnapshotTest {

    @TempDir
    Path directory;

    private TestSource source(int version) throws SQLException {
        return new TestSource(PgServer.shared(version), directory).snapshot(SnapshotMode.INITIAL);
    }

    @EachPostgres
    void rowsComeBeforeChanges(int version) throws Exception {
        try (TestSource source = source(version).chunkBytes(8_192)) {
            source.sql("INSERT INTO t SELECT n, repeat('x', 100) FROM generate_series(1, 2000) n");
            CollectingSink sink = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                source.sql("UPDATE t SET v = 'new' WHERE id = 7", "INSERT INTO t VALUES (2001, 'late')");
                run.finish();
            }
            List<CollectingSink.Seen> seen = sink.seen();
            assertEquals(2_002, seen.size());
            TreeSet<Integer> read = new TreeSet<>();
            for (int i = 0; i < 2_000; i++) {
                assertTrue(seen.get(i).json().contains("\"change_type\":\"READ\""), seen.get(i).json());
                assertEquals(Position.ofRead(0, seen.get(0).position().commitLsn(), i), seen.get(i).position());
                read.add(Integer.valueOf(String.valueOf(seen.get(i).row().get("id"))));
            }
            assertEquals(2_000, read.size());
            assertTrue(seen.get(0).json().contains("\"snapshot\":\"first\""), seen.get(0).json());
            assertTrue(seen.get(1).json().contains("\"snapshot\":\"true\""), seen.get(1).json());
            assertTrue(seen.get(1_999).json().contains("\"snapshot\":\"last\""), seen.get(1_999).json());
            assertEquals(List.of("new", "late"), sink.column("v").subList(2_000, 2_002));
        }
    }
}
