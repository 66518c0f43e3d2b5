package io.pgcdc.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.servers.PgServer;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes from a server on this machine reach a sink through its Unix socket. */
class UnixSocketTest {

    @TempDir
    Path directory;

    private String url(PgServer server, Path sockets, String database) {
        return "host=" + sockets + " port=" + server.port() + " user=postgres dbname=" + database;
    }

    @Test
    void changesArriveAndTheSlotIsAcknowledged() throws Exception {
        Path sockets = Files.createDirectory(directory.resolve("s"));
        try (PgServer server = PgServer.start(18, Map.of("unix_socket_directories", sockets.toString()));
                TestSource source = new TestSource(server, directory)) {
            source.url(url(server, sockets, source.ask("SELECT current_database()")));
            CollectingSink sink = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                assertEquals(
                        "",
                        source.ask("SELECT coalesce(client_addr::text, '') FROM pg_stat_replication"),
                        "not over TCP");
                source.sql("INSERT INTO t SELECT n, repeat('x', 100) FROM generate_series(1, 50000) n");
                source.sql("INSERT INTO t VALUES (50001, repeat('y', 5000000))");
                run.finish();
            }
            try (RunningPipeline run = new RunningPipeline(source, new CollectingSink())) {
                source.endWalsender();
                source.assertLastWords(run.awaitEnd());
            }
            assertEquals(
                    IntStream.rangeClosed(1, 50_001).mapToObj(String::valueOf).toList(), sink.column("id"));
        }
    }

    @Test
    void aMissingSocketIsNamed() throws Exception {
        try (TestSource source = new TestSource(PgServer.shared(18), directory)) {
            source.url(url(PgServer.shared(18), directory.resolve("none"), "x"));
            AssertionError error =
                    assertThrows(AssertionError.class, () -> new RunningPipeline(source, new CollectingSink()));
            SourceException refused = assertInstanceOf(SourceException.class, error.getCause());
            assertEquals(ErrorCode.SOURCE_UNREACHABLE, refused.code());
            // the system's message, in its own language
            Throwable root = refused;
            while (root.getCause() != null) {
                root = root.getCause();
            }
            assertInstanceOf(SocketException.class, root);
            assertTrue(
                    refused.getMessage().startsWith("no connection: " + root.getMessage() + "; "),
                    refused.getMessage());
            assertTrue(refused.getMessage().contains("none/.s.PGSQL."), refused.getMessage());
        }
    }
}
