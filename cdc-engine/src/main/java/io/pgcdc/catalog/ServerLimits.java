package io.pgcdc.catalog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The server's limits that concern a slot and its reader, in the login's session.
 *
 * @param role the role of the login
 * @param maxSlots max_replication_slots
 * @param usedSlots slots that exist
 * @param keptWalMb max_slot_wal_keep_size; -1: no limit
 * @param maxWalMb max_wal_size
 * @param idleSlotMs idle_replication_slot_timeout, 18 and later; 0: none
 * @param walSenderTimeoutMs wal_sender_timeout for the role; 0: none
 * @param preparedTransactions the identifiers of the server's prepared transactions
 */
public record ServerLimits(
        String role,
        int maxSlots,
        int usedSlots,
        long keptWalMb,
        long maxWalMb,
        long idleSlotMs,
        long walSenderTimeoutMs,
        List<String> preparedTransactions) {

    /** The first version whose standbys keep slots in step. */
    public static final int FAILOVER_SLOTS_SINCE = 17;

    private static final String QUERY = """
            SELECT name, CAST(setting AS bigint) * CASE unit WHEN 's' THEN 1000 WHEN 'min' THEN 60000 ELSE 1 END
            FROM pg_catalog.pg_settings
            WHERE name IN ('max_replication_slots', 'max_slot_wal_keep_size', 'max_wal_size', 'idle_replication_slot_timeout',
                'wal_sender_timeout')
            UNION ALL SELECT 'used', count(*) FROM pg_catalog.pg_replication_slots
            """;

    /** Asks the server. */
    public static ServerLimits read(Connection connection) throws SQLException {
        Map<String, Long> found = new HashMap<>();
        List<String> prepared = new ArrayList<>();
        String role;
        try (Statement statement = connection.createStatement()) {
            try (ResultSet row = statement.executeQuery(QUERY)) {
                while (row.next()) {
                    found.put(row.getString(1), row.getLong(2));
                }
            }
            // a slot's creation waits for the transactions of all databases
            try (ResultSet row =
                    statement.executeQuery("SELECT gid FROM pg_catalog.pg_prepared_xacts ORDER BY prepared")) {
                while (row.next()) {
                    prepared.add(row.getString(1));
                }
            }
            try (ResultSet row = statement.executeQuery("SELECT session_user")) {
                row.next();
                role = row.getString(1);
            }
        }
        return new ServerLimits(
                role,
                value(found, "max_replication_slots").intValue(),
                value(found, "used").intValue(),
                value(found, "max_slot_wal_keep_size"),
                value(found, "max_wal_size"),
                value(found, "idle_replication_slot_timeout"),
                value(found, "wal_sender_timeout"),
                List.copyOf(prepared));
    }

    private static Long value(Map<String, Long> found, String name) {
        @Nullable Long value = found.get(name);
        return value == null ? 0L : value;
    }

    /** Returns whether the slot exists and no standby keeps it in step. For {@link #FAILOVER_SLOTS_SINCE} and later. */
    public static boolean isAlone(Connection connection, String slot) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT NOT failover FROM pg_catalog.pg_replication_slots WHERE slot_name = ?")) {
            statement.setString(1, slot);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }
}
