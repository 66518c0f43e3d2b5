package io.pgcdc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.catalog.CatalogConnection;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.Await;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A login that another thread ends. */
class EndableLoginTest {

    private static final int ANSWER_MS = 120_000;

    private static SourceException awaitError(FutureTask<?> work) throws Exception {
        Exception e = assertThrows(Exception.class, () -> work.get(30, TimeUnit.SECONDS));
        return (SourceException) e.getCause();
    }

    private static void start(FutureTask<?> work) {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        thread.start();
    }

    /** A host that accepts the connection, and then says nothing. */
    @Test
    void aHostThatIsSilentIsNotWaitedFor() throws Exception {
        Properties properties = new Properties();
        properties.setProperty("connectTimeout", "120");
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                CatalogConnection catalog = new CatalogConnection(
                        "jdbc:postgresql://localhost:" + silent.getLocalPort() + "/db",
                        () -> properties,
                        "the silent host",
                        ANSWER_MS)) {
            FutureTask<String> asking = new FutureTask<>(() -> catalog.ask("asking", c -> "an answer"));
            start(asking);
            try (Socket accepted = silent.accept()) {
                catalog.abort();
                SourceException e = awaitError(asking);
                assertEquals(ErrorCode.CONNECTION_LOST, e.code());
                assertTrue(accepted.isConnected());
            }
        }
    }

    @Test
    void aQuestionThatWasEndedIsNotAskedAgain() throws Exception {
        PgServer server = PgServer.shared(18);
        Properties properties = new Properties();
        properties.setProperty("ApplicationName", "ended");
        try (CatalogConnection catalog =
                new CatalogConnection(server.jdbcUrl("postgres"), () -> properties, "the test's server", ANSWER_MS)) {
            String first = catalog.ask("asking", c -> "an answer");
            assertEquals("an answer", first);
            AtomicInteger asked = new AtomicInteger();
            FutureTask<Boolean> asking = new FutureTask<>(() -> catalog.ask("waiting", c -> {
                asked.incrementAndGet();
                try (Statement statement = c.createStatement()) {
                    return statement.execute("SELECT pg_sleep(100)");
                }
            }));
            start(asking);
            Await.until(
                    "the question",
                    () -> server.ask("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'ended'"
                                    + " AND wait_event = 'PgSleep'")
                            .equals("1"));
            catalog.abort();
            assertEquals(ErrorCode.CONNECTION_LOST, awaitError(asking).code());
            assertEquals(1, asked.get());
        }
    }

    /** The login is done at the moment at which it is ended. */
    @Test
    void aConnectionThatCameTooLateIsClosed() throws Exception {
        PgServer server = PgServer.shared(18);
        EndableLogin login = new EndableLogin();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        AtomicReference<Connection> opened = new AtomicReference<>();
        AtomicReference<Connection> kept = new AtomicReference<>();
        FutureTask<Connection> connecting = new FutureTask<>(() -> login.connect(
                () -> {
                    Connection connection = PinnedLogin.connect(
                            server.jdbcUrl("postgres"),
                            new Properties(),
                            "the test's server",
                            ANSWER_MS,
                            SessionSettings.OF_SOURCE,
                            SourceErrors.LOGIN);
                    opened.set(connection);
                    begun.countDown();
                    await(ended);
                    return connection;
                },
                kept::set,
                "the test's server"));
        start(connecting);
        await(begun);
        login.abort();
        assertEquals(ErrorCode.CONNECTION_LOST, awaitError(connecting).code());
        ended.countDown();
        Await.until("the connection is closed", () -> opened.get().isClosed());
        assertNull(kept.get());
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(30, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
