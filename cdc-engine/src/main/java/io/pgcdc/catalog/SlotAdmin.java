package io.pgcdc.catalog;

import io.pgcdc.model.Lsn;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks at a server's replication slots, and changes them. Each method queries the server. */
public final class SlotAdmin {

    private static final String LIST = """
            SELECT slot_name, coalesce(plugin, slot_type), coalesce(database, ''), active_pid, confirmed_flush_lsn::text,
              coalesce(wal_status, ''),
              coalesce(pg_catalog.pg_wal_lsn_diff(CASE WHEN pg_catalog.pg_is_in_recovery()
                THEN pg_catalog.pg_last_wal_replay_lsn() ELSE pg_catalog.pg_current_wal_lsn() END, restart_lsn), 0)::bigint
            FROM pg_catalog.pg_replication_slots ORDER BY slot_name""";

    private final CatalogConnection catalog;

    public SlotAdmin(CatalogConnection catalog) {
        this.catalog = catalog;
    }

    /**
     * A slot.
     *
     * @param plugin {@code physical} for a slot of that type
     * @param database empty for a physical slot
     * @param activePid the process that uses it; null: none
     * @param confirmedLsn {@link Lsn#INVALID}: none
     * @param walStatus reserved, extended, unreserved, lost, or empty
     * @param retainedBytes of WAL that the server keeps for it
     */
    public record Slot(
            String name,
            String plugin,
            String database,
            @Nullable Integer activePid,
            long confirmedLsn,
            String walStatus,
            long retainedBytes) {}

    /** Returns all slots of the server, by name. */
    public List<Slot> list() {
        return catalog.ask("listing slots", connection -> {
            try (PreparedStatement statement = connection.prepareStatement(LIST);
                    ResultSet row = statement.executeQuery()) {
                List<Slot> slots = new ArrayList<>();
                while (row.next()) {
                    int pid = row.getInt(4);
                    Integer active = row.wasNull() ? null : pid;
                    String confirmed = row.getString(5);
                    slots.add(new Slot(
                            row.getString(1),
                            row.getString(2),
                            row.getString(3),
                            active,
                            confirmed == null ? Lsn.INVALID : Lsn.parse(confirmed),
                            row.getString(6),
                            row.getLong(7)));
                }
                return slots;
            }
        });
    }

    /**
     * Creates a slot for pgoutput in the connection's database. Waits for the transactions that run.
     *
     * @return the LSN from which it keeps changes
     */
    public long create(String name) {
        return catalog.askWithoutLimit("creating slot \"" + name + "\"", connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    "SELECT lsn::text FROM pg_catalog.pg_create_logical_replication_slot(?, 'pgoutput')")) {
                return lsn(statement, name);
            }
        });
    }

    /** Drops a slot that nobody uses. */
    public void drop(String name) {
        catalog.ask("dropping slot \"" + name + "\"", connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement("SELECT pg_catalog.pg_drop_replication_slot(?)")) {
                statement.setString(1, name);
                return statement.execute();
            }
        });
    }

    /**
     * Makes a slot that nobody uses forget the changes up to an LSN.
     *
     * @return where it is now
     */
    public long advance(String name, long to) {
        return catalog.askWithoutLimit("advancing slot \"" + name + "\"", connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    "SELECT end_lsn::text FROM pg_catalog.pg_replication_slot_advance(?, ?::pg_catalog.pg_lsn)")) {
                statement.setString(2, Lsn.toString(to));
                return lsn(statement, name);
            }
        });
    }

    private static long lsn(PreparedStatement statement, String name) throws SQLException {
        statement.setString(1, name);
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            return Lsn.parse(row.getString(1));
        }
    }
}
