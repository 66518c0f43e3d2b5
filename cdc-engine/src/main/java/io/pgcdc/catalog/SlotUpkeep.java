package io.pgcdc.catalog;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.model.Lsn;
import io.pgcdc.model.TableName;
import io.pgcdc.session.Quoted;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;

/** Creates publications on request, and runs the queries of a slot's maintenance. */
public final class SlotUpkeep {

    private final CatalogConnection catalog;

    public SlotUpkeep(CatalogConnection catalog) {
        this.catalog = catalog;
    }

    /**
     * Creates and commits a publication. Call it before the slot is created: a slot never sees a publication that is newer than the
     * slot.
     *
     * @param tables empty for all tables
     */
    public void createPublication(String name, List<TableName> tables) {
        String what = tables.isEmpty()
                ? "ALL TABLES"
                : "TABLE " + tables.stream().map(TableName::sql).collect(Collectors.joining(", "));
        String sql = "CREATE PUBLICATION " + Quoted.identifier(name) + " FOR " + what;
        // a person without the right must see what to run as another role
        catalog.askWithoutLimit("running " + sql, connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
                return name;
            }
        });
    }

    /** @throws SourceException SLOTS_EXHAUSTED if no slot can be created */
    public void requireFreeSlot() {
        if (catalog.ask("counting slots", SourceQueries::freeSlots) <= 0) {
            throw new SourceException(
                    ErrorCode.SLOTS_EXHAUSTED,
                    "no replication slot is free at " + catalog.where()
                            + ". Drop an unused one or raise max_replication_slots.");
        }
    }

    /** Returns the LSN up to which the server's WAL is flushed now. */
    public long currentFlushLsn() {
        return catalog.ask("reading the WAL's position", connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement("SELECT pg_catalog.pg_current_wal_flush_lsn()::text")) {
                return lsn(statement);
            }
        });
    }

    /** Returns the bytes of WAL that the server may still write before it invalidates the slot; the greatest number: no limit. */
    public long safeWalBytes(String slot) {
        return catalog.ask("reading the slot's WAL", connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    "SELECT safe_wal_size FROM pg_catalog.pg_replication_slots WHERE slot_name = ?")) {
                statement.setString(1, slot);
                try (ResultSet row = statement.executeQuery()) {
                    long safe = row.next() ? row.getLong(1) : 0;
                    return row.wasNull() ? Long.MAX_VALUE : safe;
                }
            }
        });
    }

    /** Returns the start time of the server, as it prints it. */
    public String serverStartedAt() {
        return catalog.ask("identifying the server", connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT pg_catalog.pg_postmaster_start_time()::text")) {
                row.next();
                return row.getString(1);
            }
        });
    }

    /** Writes a non-transactional logical message and returns its LSN. */
    public long emitMessage(String prefix) {
        return catalog.ask("writing a heartbeat", connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement("SELECT pg_catalog.pg_logical_emit_message(false, ?, '')::text")) {
                statement.setString(1, prefix);
                return lsn(statement);
            }
        });
    }

    private static long lsn(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            return Lsn.parse(row.getString(1));
        }
    }
}
