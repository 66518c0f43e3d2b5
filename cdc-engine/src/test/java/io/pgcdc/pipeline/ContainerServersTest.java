package io.pgcdc.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.container.ContainerServers;
import io.pgcdc.servers.container.Docker;
import io.pgcdc.servers.testing.EachPostgres;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** Changes from a server in a container reach a sink. Skipped without Docker. */
class ContainerServersTest {

    @TempDir
    Path directory;

    @EachPostgres
    void anOfficialImageIsASource(int version) throws Exception {
        Docker.require("a server in a container");
        try (PgServer server = new ContainerServers().start(version, Map.of("wal_level", "logical"));
                TestSource source = new TestSource(server, directory)) {
            assertTrue(source.ask("SHOW server_version").startsWith(version + "."), "the version asked for");
            CollectingSink sink = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                source.sql("INSERT INTO t VALUES (1, 'a'), (2, 'b')", "UPDATE t SET v = 'c' WHERE id = 2");
                run.finish();
            }
            assertEquals(List.of("1", "2", "2"), sink.column("id"));
        }
    }
}
