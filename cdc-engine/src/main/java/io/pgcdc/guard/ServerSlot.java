package io.pgcdc.guard;

import io.pgcdc.address.ServerAddress;
import io.pgcdc.catalog.CatalogConnection;
import io.pgcdc.catalog.Preflight;
import io.pgcdc.catalog.SlotUser;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.model.Lsn;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The slot on the server that capture reads from. Each reading is one query, prepared on the server. Every role may run it; a role
 * without pg_read_all_stats does not see how old a transaction of another role is.
 */
final class ServerSlot implements SlotSource {

    /** A transaction without an id has not written, and holds no WAL. */
    private static final String LOOK = """
            SELECT s.active, s.restart_lsn, s.confirmed_flush_lsn, s.wal_status, s.safe_wal_size,
                   pg_catalog.pg_current_wal_lsn() AS wal_end,
                   pg_catalog.pg_size_bytes(current_setting('max_slot_wal_keep_size')) AS keep_bytes,
                   (extract(epoch FROM current_setting('idle_replication_slot_timeout', true)::interval) * 1000)::bigint
                       AS idle_ms,
                   o.pid, o.gid, o.xid::text AS xid, o.who, o.age_ms
            FROM pg_catalog.pg_replication_slots s
            LEFT JOIN (
                SELECT t.*, (extract(epoch FROM clock_timestamp() - t.since) * 1000)::bigint AS age_ms
                FROM (SELECT pid, NULL::text AS gid, backend_xid AS xid, xact_start AS since,
                             concat_ws(', ', nullif(application_name, ''), 'as ' || usename, 'in ' || datname) AS who
                      FROM pg_catalog.pg_stat_activity WHERE backend_xid IS NOT NULL
                      UNION ALL
                      SELECT NULL, gid, transaction, prepared, 'as ' || owner || ', in ' || database
                      FROM pg_catalog.pg_prepared_xacts) t
                ORDER BY pg_catalog.age(t.xid) DESC LIMIT 1) o ON true
            WHERE s.slot_name = ?
            """;

    private static final String FACTS = """
            SELECT (SELECT setting FROM pg_catalog.pg_settings WHERE name = 'data_directory') AS directory,
                   (SELECT system_identifier FROM pg_catalog.pg_control_system()) AS identifier,
                   coalesce(has_function_privilege(
                       to_regprocedure('pg_catalog.pg_log_standby_snapshot()')::oid, 'EXECUTE'), false) AS may_note
            """;

    private final Supplier<ServerAddress> host;
    private final String slot;
    private final CatalogConnection catalog;
    private ServerAddress current;
    private boolean moved;
    private @Nullable Facts facts;

    /**
     * What does not change while the server runs.
     *
     * @param disk where the server keeps its WAL; null: it cannot be seen from here
     */
    private record Facts(@Nullable PrimaryDisk disk, boolean mayNote) {}

    /**
     * Connects later.
     *
     * @param host the server that capture reads from now; any thread
     * @param answerTimeoutMs limit of each answer
     */
    ServerSlot(Supplier<ServerAddress> host, String slot, int answerTimeoutMs) {
        this.host = host;
        this.slot = slot;
        current = host.get();
        catalog = new CatalogConnection(current.jdbcUrl(), current::properties, current.describe(), answerTimeoutMs);
    }

    @Override
    public SlotReading read(long nanos) {
        follow();
        Facts known = facts;
        if (known == null) {
            known = catalog.ask("looking at the server of the slot", this::facts);
            facts = known;
        }
        PrimaryDisk disk = known.disk();
        Long free = disk == null ? null : disk.freeBytes();
        return catalog.ask("reading the slot's WAL", connection -> look(connection, nanos, free));
    }

    /** After a failover, goes to the server that capture has gone to. */
    private void follow() {
        ServerAddress now = host.get();
        if (!now.equals(current)) {
            current = now;
            catalog.use(now);
            facts = null;
            moved = true;
        }
    }

    @Override
    public boolean moved() {
        boolean was = moved;
        moved = false;
        return was;
    }

    private Facts facts(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(FACTS)) {
            row.next();
            String directory = row.getString("directory");
            PrimaryDisk disk = directory == null
                    ? null
                    : PrimaryDisk.find(current.hosts().get(0).host(), directory, row.getLong("identifier"));
            return new Facts(disk, row.getBoolean("may_note"));
        }
    }

    private SlotReading look(Connection connection, long nanos, @Nullable Long free) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LOOK)) {
            statement.setString(1, slot);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw new SourceException(
                            ErrorCode.SLOT_GONE, "slot \"" + slot + "\" does not exist; " + catalog.where() + ".");
                }
                Long keep = number(row, "keep_bytes");
                Long idle = number(row, "idle_ms");
                return new SlotReading(
                        nanos,
                        Instant.now(),
                        row.getBoolean("active"),
                        lsn(row.getString("restart_lsn")),
                        lsn(row.getString("confirmed_flush_lsn")),
                        String.valueOf(row.getString("wal_status")),
                        lsn(row.getString("wal_end")),
                        number(row, "safe_wal_size"),
                        keep == null || keep < 0 ? null : keep,
                        idle == null || idle == 0 ? null : idle,
                        free,
                        oldest(row));
            }
        }
    }

    private static @Nullable OpenTransaction oldest(ResultSet row) throws SQLException {
        String xid = row.getString("xid");
        Long pid = number(row, "pid");
        return xid == null
                ? null
                : new OpenTransaction(
                        row.getString("gid"),
                        pid == null ? null : pid.intValue(),
                        xid,
                        String.valueOf(row.getString("who")),
                        number(row, "age_ms"));
    }

    private static @Nullable Long number(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? null : value;
    }

    private static long lsn(@Nullable String text) {
        return text == null ? Lsn.INVALID : Lsn.parse(text);
    }

    /** Returns who uses the slot; null: nobody. */
    @Nullable
    SlotUser user() {
        return new Preflight(catalog, slot, List.of()).slotUser();
    }

    /** Names the server for messages. */
    String where() {
        return catalog.where();
    }

    @Override
    public void noteTransactions() {
        Facts known = facts;
        if (known != null && known.mayNote()) {
            boolean unused = catalog.ask("noting the server's transactions", connection -> {
                try (Statement statement = connection.createStatement()) {
                    return statement.execute("SELECT pg_catalog.pg_log_standby_snapshot()");
                }
            });
        }
    }

    @Override
    public void abort() {
        catalog.abort();
    }

    @Override
    public void close() {
        catalog.close();
    }
}
