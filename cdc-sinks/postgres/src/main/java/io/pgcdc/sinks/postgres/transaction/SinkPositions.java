package io.pgcdc.sinks.postgres.transaction;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.model.Lsn;
import io.pgcdc.model.Position;
import io.pgcdc.model.TableName;
import io.pgcdc.sink.SourceId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sink's row in the table of positions: the target's position, and the process that may move it. The position moves by
 * compare-and-set in the transaction of the rows. If two processes run as the same sink, only the later one can commit. For one
 * thread.
 */
final class SinkPositions {

    private static final Logger LOG = LoggerFactory.getLogger(SinkPositions.class);

    private static final int TERMINATE_MS = 5_000;

    /** SQLSTATEs for a missing table or schema. */
    private static final Set<String> UNDEFINED = Set.of("42P01", "3F000");

    private static final String SESSION_START =
            "(SELECT backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid())";

    private static final String RETURNING = " RETURNING sink_id, epoch, commit_lsn::text, ordinal";

    private final String sink;
    private final String where;
    private final TableName table;
    private final boolean create;

    /** Identifies this process in the row. */
    private final String owner = UUID.randomUUID().toString();

    private boolean claimed;

    /** The last known position of the target, from the queue's checkpoint or from the target itself; null if unknown. */
    private @Nullable Position confirmed;

    /** @param where the target, for messages */
    SinkPositions(String sink, String where, TableName table, boolean create) {
        this.sink = sink;
        this.where = where;
        this.table = table;
        this.create = create;
    }

    /**
     * The content of the row.
     *
     * @param id the row's sink_id, which is small and never reused
     * @param position null if nothing was written yet
     */
    record Claim(int id, @Nullable Position position) {}

    TableName table() {
        return table;
    }

    /** Sets the position that the target confirmed in an earlier run. */
    void expect(Position position) {
        confirmed = position;
    }

    /**
     * Checks that the row exists, unless this is the sink's first start, which creates the row before any change. Call this before you
     * create anything in the target.
     *
     * @throws SinkException TARGET_EXCHANGED if it does not exist
     */
    void requireKnown(Connection connection, SourceId source) throws SQLException {
        if ((claimed || confirmed != null) && !(Ddl.exists(connection, table) && hasRow(connection, source))) {
            throw exchanged();
        }
    }

    private boolean hasRow(Connection connection, SourceId source) throws SQLException {
        return Ddl.isTrue(
                connection,
                "SELECT EXISTS (SELECT FROM " + table.sql() + " WHERE system_identifier = ? AND slot = ? AND sink = ?)",
                source.systemIdentifier(),
                source.slot(),
                sink);
    }

    /** Creates the table if it does not exist and the settings allow that. */
    void prepare(Connection connection) throws SQLException {
        if (create) {
            Ddl.createSchema(connection, table.schema());
            Ddl.createTable(connection, table, """
                    CREATE TABLE IF NOT EXISTS %s (
                        sink_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                        system_identifier text NOT NULL,
                        slot text NOT NULL,
                        sink text NOT NULL,
                        database text NOT NULL,
                        writes text[] NOT NULL DEFAULT '{}',
                        epoch integer,
                        commit_lsn pg_lsn,
                        ordinal bigint,
                        owner text NOT NULL,
                        owner_pid integer NOT NULL,
                        owner_since timestamptz NOT NULL,
                        moved_at timestamptz,
                        UNIQUE (system_identifier, slot, sink)
                    ) WITH (fillfactor = 50)""".formatted(table.sql()));
        }
    }

    /**
     * Makes this process the row's owner at the first call. Later calls check that it still is the owner. Each call first ends the
     * sink's earlier session. Call {@link #requireKnown} before.
     *
     * @param writes the tables that the sink writes
     * @throws SinkException TARGET_TAKEN_OVER if another process has become the owner
     */
    Claim claim(Connection connection, SourceId source, List<TableName> writes) throws SQLException {
        endOwner(connection, source);
        try (PreparedStatement statement = connection.prepareStatement(claimed ? again() : forTheFirstTime())) {
            statement.setArray(1, connection.createArrayOf("text", texts(writes)));
            statement.setString(2, source.systemIdentifier());
            statement.setString(3, source.slot());
            statement.setString(4, sink);
            statement.setString(5, owner);
            if (!claimed) {
                statement.setString(6, source.database());
            }
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw takenOver();
                }
                claimed = true;
                String lsn = row.getString("commit_lsn");
                Position position =
                        lsn == null ? null : new Position(row.getInt("epoch"), Lsn.parse(lsn), row.getLong("ordinal"));
                return new Claim(row.getInt("sink_id"), position);
            }
        }
    }

    private String forTheFirstTime() {
        return "INSERT INTO " + table.sql()
                + " AS p (writes, system_identifier, slot, sink, owner, database, owner_pid, owner_since)"
                + " VALUES (?, ?, ?, ?, ?, ?, pg_backend_pid(), " + SESSION_START
                + ") ON CONFLICT (system_identifier, slot, sink) DO UPDATE SET owner = excluded.owner,"
                + " owner_pid = excluded.owner_pid, owner_since = excluded.owner_since, database = excluded.database,"
                + " writes = " + union("p.writes", "excluded.writes") + RETURNING;
    }

    private String again() {
        return "UPDATE " + table.sql() + " SET writes = " + union("writes", "?")
                + ", owner_pid = pg_backend_pid(), owner_since = " + SESSION_START
                + " WHERE system_identifier = ? AND slot = ? AND sink = ? AND owner = ?" + RETURNING;
    }

    /**
     * Returns the SQL of the union of two arrays. Tables that the sink wrote earlier stay in it: the source's WAL may still contain
     * their changes.
     */
    private static String union(String one, String other) {
        return "(SELECT coalesce(array_agg(DISTINCT w), '{}') FROM unnest(" + one + " || " + other + "::text[]) w)";
    }

    private static Object[] texts(List<TableName> tables) {
        return tables.stream().map(TableName::toString).toArray();
    }

    /**
     * Ends the sink's earlier session, if the server still has it. A stopped process would keep its locks, and could later continue at
     * an old position. A session whose connection this process lost would keep the replication origin.
     */
    private void endOwner(Connection connection, SourceId source) throws SQLException {
        String sql = "SELECT owner_pid, pg_terminate_backend(owner_pid, " + TERMINATE_MS + ") FROM " + table.sql()
                + " JOIN pg_stat_activity a ON a.pid = owner_pid AND a.backend_start = owner_since"
                + " AND a.usename = current_user"
                + " WHERE system_identifier = ? AND slot = ? AND sink = ?" + (claimed ? " AND owner = ?" : "");
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, source.systemIdentifier());
            statement.setString(2, source.slot());
            statement.setString(3, sink);
            if (claimed) {
                statement.setString(4, owner);
            }
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    LOG.warn(
                            "sink {}: ended backend {} in the target, a session of an earlier process or connection of this sink",
                            sink,
                            row.getInt(1));
                }
            }
        }
    }

    /**
     * Moves the position, in the transaction of the rows.
     *
     * @param from the position that the row must have; null if nothing was written yet
     * @throws SinkException TARGET_TAKEN_OVER if the row has another position or another owner; TARGET_EXCHANGED if there is no row
     */
    void move(Connection connection, int id, @Nullable Position from, Position to) throws SQLException {
        String sql = "UPDATE " + table.sql() + " SET epoch = ?, commit_lsn = ?::pg_lsn, ordinal = ?, moved_at = now()"
                + " WHERE sink_id = ? AND owner = ?"
                + (from == null
                        ? " AND commit_lsn IS NULL"
                        : " AND epoch = ? AND commit_lsn = ?::pg_lsn AND ordinal = ?");
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, to.epoch());
            statement.setString(2, Lsn.toString(to.commitLsn()));
            statement.setLong(3, to.ordinal());
            statement.setInt(4, id);
            statement.setString(5, owner);
            if (from != null) {
                statement.setInt(6, from.epoch());
                statement.setString(7, Lsn.toString(from.commitLsn()));
                statement.setLong(8, from.ordinal());
            }
            if (statement.executeUpdate() != 1) {
                throw isThere(connection, id) ? takenOver() : exchanged();
            }
            confirmed = to;
        } catch (SQLException e) {
            if (UNDEFINED.contains(String.valueOf(e.getSQLState()))) {
                throw exchanged();
            }
            throw e;
        }
    }

    /**
     * Checks, in the transaction of a replay's rows, that the position and its owner are as they were.
     *
     * @param at the position that the row must have; null if nothing was written yet
     * @throws SinkException like {@link #move}
     */
    void hold(Connection connection, int id, @Nullable Position at) throws SQLException {
        if (at != null) {
            move(connection, id, at, at);
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement("UPDATE " + table.sql()
                + " SET moved_at = now() WHERE sink_id = ? AND owner = ? AND commit_lsn IS NULL")) {
            statement.setInt(1, id);
            statement.setString(2, owner);
            if (statement.executeUpdate() != 1) {
                throw isThere(connection, id) ? takenOver() : exchanged();
            }
        }
    }

    private boolean isThere(Connection connection, int id) throws SQLException {
        return Ddl.isTrue(connection, "SELECT EXISTS (SELECT FROM " + table.sql() + " WHERE sink_id = " + id + ")");
    }

    /** Adds tables to those that the sink writes, in the transaction of their first row. */
    void alsoWrites(Connection connection, int id, List<TableName> writes) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "UPDATE " + table.sql() + " SET writes = " + union("writes", "?") + " WHERE sink_id = ?")) {
            statement.setArray(1, connection.createArrayOf("text", texts(writes)));
            statement.setInt(2, id);
            statement.executeUpdate();
        }
    }

    private SinkException exchanged() {
        Position had = confirmed;
        String rest = had == null
                ? "Start again: the sink then begins in it from its start position."
                : "To fill it, give the sink another name and start: snapshot. To continue there without those changes, give it"
                        + " another name and start: \"" + had + "\".";
        return new SinkException(
                ErrorCode.TARGET_EXCHANGED,
                "sink \"" + sink + "\" has no row in table " + table + " of its target, but had one"
                        + (had == null ? "" : ", with changes up to " + had)
                        + ": the target was emptied, or url or position_table name another target; "
                        + where + ". Restore the target, or correct the setting. " + rest);
    }

    private SinkException takenOver() {
        return new SinkException(
                ErrorCode.TARGET_TAKEN_OVER,
                "another process writes as sink \"" + sink + "\" of this slot, or its row in " + table
                        + " was changed by hand. This process's transaction was rolled back. Stop one of the two processes,"
                        + " then start again.");
    }

    /** Returns true if the database is the one that the changes come from. */
    boolean isSource(Connection connection, SourceId source) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT current_database() = ? AND system_identifier::text = ? FROM pg_control_system()")) {
            statement.setString(1, source.database());
            // pg_control_system returns it signed, IDENTIFY_SYSTEM unsigned
            statement.setString(2, Long.toString(Long.parseUnsignedLong(source.systemIdentifier())));
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    /** Returns true for the table of positions, and if a sink of pgcdc writes the table or the partitioned table above it. */
    boolean isWritten(Connection connection, TableName candidate) throws SQLException {
        if (candidate.equals(table)) {
            return true;
        }
        // by names of the catalog: to_regclass needs USAGE on the schema, which the role may not have
        String sql = "SELECT EXISTS (SELECT FROM " + table.sql() + """
                , unnest(writes) w, parse_ident(w) p, pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = ? AND c.relname = ? AND (p[1], p[2]) IN (
                    SELECT rn.nspname, r.relname FROM pg_catalog.pg_class r JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace
                    WHERE r.oid IN (c.oid, pg_partition_root(c.oid))))""";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, candidate.schema());
            statement.setString(2, candidate.name());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }
}
