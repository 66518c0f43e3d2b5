package io.pgcdc.catalog;

import io.pgcdc.model.Lsn;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The queries of the checks before a start. Read-only. */
final class SourceQueries {

    private static final int INVALIDATION_REASON_SINCE = 17;

    private SourceQueries() {}

    /** Takes a transaction id: a snapshot's xmax may be less than the id of a transaction that runs, and says nothing of it. */
    static ServerFacts serverFacts(Connection connection) throws SQLException {
        String sql = """
                SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS version,
                       current_setting('wal_level') AS wal_level, pg_is_in_recovery() AS recovery,
                       d.datname AS database, d.oid::bigint AS database_oid,
                       CASE WHEN pg_is_in_recovery() THEN '0'
                            ELSE (pg_current_xact_id()::text::numeric + 1)::text END AS next_xid
                FROM pg_catalog.pg_database d WHERE d.datname = current_database()
                """;
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return new ServerFacts(
                    row.getInt("number"),
                    row.getString("version"),
                    row.getString("wal_level"),
                    row.getBoolean("recovery"),
                    row.getString("database"),
                    row.getLong("database_oid"),
                    (int) Long.parseUnsignedLong(row.getString("next_xid")));
        }
    }

    static Login login(Connection connection) throws SQLException {
        String sql = "SELECT session_user, pg_catalog.to_regrole('" + Login.RDS_ROLE + "') IS NOT NULL";
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return new Login(row.getString(1), row.getBoolean(2));
        }
    }

    static Optional<SlotState> slot(Connection connection, String name) throws SQLException {
        boolean reason = connection.getMetaData().getDatabaseMajorVersion() >= INVALIDATION_REASON_SINCE;
        String sql = "SELECT plugin, database, active_pid, confirmed_flush_lsn, restart_lsn, wal_status, "
                + (reason ? "invalidation_reason" : "NULL::text AS invalidation_reason")
                + " FROM pg_catalog.pg_replication_slots WHERE slot_name = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                int pid = row.getInt("active_pid");
                return Optional.of(new SlotState(
                        name,
                        row.getString("plugin"),
                        row.getString("database"),
                        pid == 0 ? null : pid,
                        lsn(row.getString("confirmed_flush_lsn")),
                        lsn(row.getString("restart_lsn")),
                        String.valueOf(row.getString("wal_status")),
                        row.getString("invalidation_reason")));
            }
        }
    }

    /** Returns the slot's user. Empty if nobody uses it. */
    static Optional<SlotUser> slotUser(Connection connection, String name) throws SQLException {
        String sql = """
                SELECT s.active_pid, r.reply_time::text AS reply,
                       nullif(concat_ws(', ', nullif(a.application_name, ''), 'as ' || a.usename, 'from ' || host(a.client_addr)), '') AS who,
                       (SELECT setting::bigint FROM pg_catalog.pg_settings WHERE name = 'wal_sender_timeout') AS timeout
                FROM pg_catalog.pg_replication_slots s
                LEFT JOIN pg_catalog.pg_stat_replication r ON r.pid = s.active_pid
                LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = s.active_pid
                WHERE s.slot_name = ? AND s.active_pid IS NOT NULL
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(new SlotUser(
                                row.getInt("active_pid"),
                                row.getString("who"),
                                row.getString("reply"),
                                row.getLong("timeout")))
                        : Optional.empty();
            }
        }
    }

    private static long lsn(@Nullable String text) {
        return text == null ? Lsn.INVALID : Lsn.parse(text);
    }

    /** Returns those names that are no publication of the database. */
    static List<String> missingPublications(Connection connection, List<String> names) throws SQLException {
        Set<String> known = new HashSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT pubname FROM pg_catalog.pg_publication")) {
            while (rows.next()) {
                known.add(rows.getString(1));
            }
        }
        List<String> missing = new ArrayList<>(names);
        missing.removeAll(known);
        return missing;
    }

    /**
     * Returns tables of which two of the publications publish different columns. The server makes the same check, and fails at the
     * first change of such a table. From 15 on; a publication without a column list counts as all columns, like in the server.
     */
    static List<String> columnConflicts(Connection connection, List<String> publications) throws SQLException {
        String sql = "SELECT pg_catalog.format('%I.%I', schemaname, tablename) FROM pg_catalog.pg_publication_tables"
                + " WHERE pubname = ANY (?) GROUP BY schemaname, tablename HAVING count(DISTINCT attnames) > 1 ORDER BY 1";
        List<String> tables = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, connection.createArrayOf("name", publications.toArray()));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    tables.add(rows.getString(1));
                }
            }
        }
        return tables;
    }

    /** Returns how many slots can still be created. The view lists the used ones; every other one is free. */
    static int freeSlots(Connection connection) throws SQLException {
        String sql =
                "SELECT current_setting('max_replication_slots')::int - count(*) FROM pg_catalog.pg_replication_slots";
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getInt(1);
        }
    }
}
