package io.pgcdc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.catalog.CatalogConnection;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.Await;
import io.pgcdc.servers.testing.EachPostgres;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.junit.jupiter.api.Test;

/** What holds for every session that is opened on a server. */
class PinnedLoginTest {

    private static final int ANSWER_MS = 30_000;

    private static Properties named(String application) {
        Properties properties = new Properties();
        properties.setProperty("ApplicationName", application);
        return properties;
    }

    private static Connection connect(PgServer server, Properties properties, SessionSettings settings) {
        return PinnedLogin.connect(
                server.jdbcUrl("postgres"), properties, "the test's server", ANSWER_MS, settings, SourceErrors.LOGIN);
    }

    private static String ask(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? String.valueOf(row.getString(1)) : "no row";
        }
    }

    /** pgjdbc asks a host that does not answer for TLS once more, in plain. The limit is for both: the next host's turn comes after it. */
    @Test
    void aSilentHostIsGivenUpAfterOneConnectTimeout() throws IOException {
        Properties properties = new Properties();
        properties.setProperty("connectTimeout", "1");
        properties.setProperty("sslmode", "prefer");
        try (ServerSocket silent = new ServerSocket(0, 2, InetAddress.getLoopbackAddress())) {
            SourceException e = assertThrows(
                    SourceException.class,
                    () -> PinnedLogin.connect(
                            "jdbc:postgresql://127.0.0.1:" + silent.getLocalPort() + "/db?user=u",
                            properties,
                            "the silent host",
                            ANSWER_MS,
                            SessionSettings.OF_SOURCE,
                            SourceErrors.LOGIN));
            assertEquals(
                    "the server did not answer in time",
                    String.valueOf(e.getMessage()).split(";")[0]);
            silent.accept().close();
            silent.setSoTimeout(1);
            assertThrows(SocketTimeoutException.class, silent::accept, "it was asked twice");
        }
    }

    @EachPostgres
    void eachSettingIsAsShowPrintsIt(int version) throws SQLException {
        SessionSettings settings = SessionSettings.OF_SOURCE.and("SET work_mem TO '3MB'");
        try (Connection connection = connect(PgServer.shared(version), new Properties(), settings)) {
            for (String name : settings.pinned().keySet()) {
                assertEquals(settings.pinned().get(name), ask(connection, "SHOW " + name), name);
            }
            assertEquals("3MB", ask(connection, "SHOW work_mem"));
        }
    }

    /** As at a pooler that lets another server session answer than the one that was set. */
    @Test
    void aSettingThatDidNotTakeIsNamedAndNoSessionStays() throws SQLException {
        PgServer server = PgServer.shared(18);
        String application = "unpinned";
        SessionSettings odd = SessionSettings.EVERYWHERE.with("DateStyle", "iso, ymd"); // SHOW prints capitals
        SourceException e = assertThrows(SourceException.class, () -> connect(server, named(application), odd));
        assertEquals(ErrorCode.SESSION_NOT_PINNED, e.code());
        assertEquals(
                "setting DateStyle is 'ISO, YMD' after SET to 'iso, ymd' at the test's server. " + Pooler.REMEDY,
                e.getMessage());
        try (Connection connection = server.connect("postgres")) {
            Await.until(
                    "the end of the session",
                    () -> ask(
                                    connection,
                                    "SELECT count(*) FROM pg_stat_activity WHERE application_name = '" + application
                                            + "'")
                            .equals("0"));
        }
    }

    /** A detail such as "Key (email)=(a@b) already exists" would be printed with the exception's causes. */
    @Test
    void noCauseOfAnErrorHoldsTheServersDetail() {
        PgServer server = PgServer.shared(18);
        try (CatalogConnection catalog =
                new CatalogConnection(server.jdbcUrl("postgres"), Properties::new, "the test's server", ANSWER_MS)) {
            SourceException e = assertThrows(
                    SourceException.class,
                    () -> catalog.ask(
                            "asking",
                            connection -> ask(
                                    connection,
                                    "DO $$ BEGIN RAISE division_by_zero USING MESSAGE = 'no', DETAIL = 'hidden'; END $$")));
            StringWriter printed = new StringWriter();
            e.printStackTrace(new PrintWriter(printed));
            assertTrue(printed.toString().contains("PSQLException"), printed.toString());
            assertFalse(printed.toString().contains("hidden"), printed.toString());
        }
    }
}
