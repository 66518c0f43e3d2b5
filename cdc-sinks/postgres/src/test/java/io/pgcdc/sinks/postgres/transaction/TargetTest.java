package io.pgcdc.sinks.postgres.transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.address.ServerUrl;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.servers.testing.EachPostgres;
import io.pgcdc.session.SessionSettings;
import io.pgcdc.testkit.sinks.TargetDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sessions on a database that is written to. */
class TargetTest {

    private static final int ANSWER_MS = 60_000;

    private static final List<String> ODD_DEFAULTS = List.of(
            "timezone = 'America/St_Johns'",
            "datestyle = 'SQL, DMY'",
            "intervalstyle = 'sql_standard'",
            "extra_float_digits = -5",
            "bytea_output = 'escape'",
            "quote_all_identifiers = on",
            "standard_conforming_strings = off",
            "search_path = shop, public",
            "client_min_messages = 'error'",
            "synchronous_commit = off",
            "statement_timeout = '1s'",
            "lock_timeout = '1s'",
            "idle_in_transaction_session_timeout = '1s'");

    private static Target target(String url) {
        return new Target(
                ServerUrl.parse(url, Map.of(), "nobody"), ANSWER_MS, OriginPolicy.OFF, ReplicationRole.ORIGIN);
    }

    @EachPostgres
    void aSessionIsSetUpWhateverTheDatabasesDefaultsSay(int version) throws SQLException {
        try (TargetDatabase database = new TargetDatabase(version)) {
            for (String setting : ODD_DEFAULTS) {
                database.sql("ALTER DATABASE " + database.name() + " SET " + setting);
            }
            Map<String, String> expected = new LinkedHashMap<>(SessionSettings.EVERYWHERE.pinned());
            expected.put("search_path", "shop, public");
            expected.put("client_min_messages", "warning");
            expected.put("synchronous_commit", "on");
            expected.put("statement_timeout", "1min");
            expected.put("lock_timeout", "1min");
            expected.put("idle_in_transaction_session_timeout", "1min");
            Map<String, String> actual = new LinkedHashMap<>();
            try (Connection connection = target(database.url()).connect();
                    Statement statement = connection.createStatement()) {
                for (String name : expected.keySet()) {
                    try (ResultSet row = statement.executeQuery("SHOW " + name)) {
                        row.next();
                        actual.put(name, row.getString(1));
                    }
                }
                assertEquals(ANSWER_MS, Target.statementMs(connection.getNetworkTimeout()));
            }
            assertEquals(expected, actual);
        }
    }

    /** The connection is accepted by the system, and nobody answers. */
    @Test
    @Timeout(value = 30, unit = TimeUnit.SECONDS)
    void aTargetThatStaysMuteIsGivenUpAfterItsConnectTimeout() throws IOException {
        try (ServerSocket mute = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Target target = target("postgresql://u:p@127.0.0.1:" + mute.getLocalPort() + "/d?connect_timeout=1");
            SinkException e = assertThrows(SinkException.class, target::connect);
            assertEquals(ErrorCode.TARGET_LOST, e.code());
            assertTrue(e.getMessage().contains("the server did not answer in time"), e.getMessage());
        }
    }

    @Test
    void theLimitOfOriginsIsNamedAsTheServerNamesIt() {
        assertEquals("max_replication_slots", Target.originLimit(17));
        assertEquals("max_active_replication_origins", Target.originLimit(18));
    }
}
