package io.pgcdc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.Await;
import io.pgcdc.wire.ReplicationConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real pgbouncer does to our sessions. */
class PoolerTest {

    private static final Path PROGRAM = Path.of("/usr/sbin/pgbouncer");

    /** pgbouncer 1.23. */
    private static final int PASSES_REPLICATION_ON = 23;

    @TempDir
    Path directory;

    @BeforeAll
    static void require() {
        assumeTrue(
                Files.isExecutable(PROGRAM),
                PROGRAM + " is missing: no pooler is tried (Debian: apt install pgbouncer)");
    }

    /** A running pgbouncer. */
    private final class Bouncer implements AutoCloseable {

        private final int port;
        private final Process process;

        Bouncer(PgServer server, String mode) throws IOException {
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = free.getLocalPort();
            }
            Path file = Files.writeString(directory.resolve(mode + ".ini"), """
                    [databases]
                    postgres = host=127.0.0.1 port=%d user=postgres password='%s'
                    [pgbouncer]
                    listen_addr = 127.0.0.1
                    listen_port = %d
                    unix_socket_dir =
                    auth_type = any
                    pool_mode = %s
                    %s
                    """.formatted(
                            server.port(),
                            PgServer.password(),
                            port,
                            mode,
                            System.getProperty("user.name").equals("root") ? "user = nobody" : ""));
            process = new ProcessBuilder(PROGRAM.toString(), "-q", file.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve(mode + ".log").toFile())
                    .start();
            Await.until("pgbouncer", this::listens);
        }

        private boolean listens() {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return socket.isConnected();
            } catch (IOException e) {
                return false;
            }
        }

        String jdbcUrl() {
            return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?sslmode=disable&user=postgres";
        }

        Connection connect() {
            return PinnedLogin.connect(
                    jdbcUrl(), new Properties(), "the pooler", 30_000, SessionSettings.EVERYWHERE, SourceErrors.LOGIN);
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    private static int minorVersion() throws IOException {
        Process version = new ProcessBuilder(PROGRAM.toString(), "--version").start();
        String said = new String(version.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return Integer.parseInt(said.split("[ .]")[2]); // PgBouncer 1.18.0
    }

    @Test
    void sessionsThatAreLentForATransactionAreRefused() throws Exception {
        try (Bouncer bouncer = new Bouncer(PgServer.shared(18), "transaction")) {
            SourceException e =
                    assertThrows(SourceException.class, () -> bouncer.connect().close());
            assertEquals(ErrorCode.SESSION_NOT_PINNED, e.code());
            assertTrue(String.valueOf(e.getMessage()).contains("a pooler answers"), e.getMessage());
        }
    }

    @Test
    void aSessionForEachConnectionWillDoForASinkAndNotForTheSource() throws IOException, SQLException {
        try (Bouncer bouncer = new Bouncer(PgServer.shared(18), "session")) {
            bouncer.connect().close();
            assumeTrue(minorVersion() < PASSES_REPLICATION_ON, "this pgbouncer passes replication on");
            SourceException e = assertThrows(
                    SourceException.class,
                    () -> ReplicationConnection.open(bouncer.jdbcUrl(), new Properties(), "the pooler", 30_000)
                            .close());
            assertEquals(ErrorCode.SOURCE_UNREACHABLE, e.code());
            assertTrue(
                    String.valueOf(e.getMessage()).contains("a pooler answers, not PostgreSQL: ")
                            && String.valueOf(e.getMessage()).contains("Connect to the server itself."),
                    e.getMessage());
        }
    }
}
