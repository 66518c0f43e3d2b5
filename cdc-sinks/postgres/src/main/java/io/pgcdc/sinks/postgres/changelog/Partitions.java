package io.pgcdc.sinks.postgres.changelog;

import io.pgcdc.model.TableName;
import io.pgcdc.session.Quoted;
import io.pgcdc.sinks.postgres.changelog.Period.Range;
import io.pgcdc.sinks.postgres.transaction.Ddl;
import io.pgcdc.sinks.postgres.transaction.LongStatements;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The table's partitions by time. Creates them before they are needed, and detaches or drops old ones. Creates a partition as a table
 * and then attaches it, so readers and writers of other partitions do not wait. Times are microseconds since 1970. For one thread.
 */
final class Partitions {

    private static final Logger LOG = LoggerFactory.getLogger(Partitions.class);

    private static final long MICROS_PER_DAY = 86_400_000_000L;

    /** Time limit of a wait for a lock. A longer wait would block the sessions that queue after this one. */
    private static final String LOCK_TIMEOUT = "3s";

    /** SQLSTATEs: a lock is not available; a statement took too long. */
    private static final Set<String> PUT_OFF = Set.of("55P03", "57014");

    private final TableName table;
    private final Period period;
    private final long ahead;
    private final Retention retention;
    private final long retainDays;
    private final List<Partition> partitions = new ArrayList<>();
    private @Nullable TableName defaultPartition;
    private Range last = new Range(0, 0);

    /** An existing partition. An infinite bound is Long.MIN_VALUE or Long.MAX_VALUE. */
    private record Partition(TableName name, Range range) {}

    Partitions(TableName table, Period period, long ahead, Retention retention, long retainDays) {
        this.table = table;
        this.period = period;
        this.ahead = ahead;
        this.retention = retention;
        this.retainDays = retainDays;
    }

    /** Forgets the known partitions: their creation may have been rolled back. */
    void forget() {
        partitions.clear();
        last = new Range(0, 0);
    }

    /** Returns true if a known partition takes rows of that time. */
    boolean covers(long micros) {
        if (last.holds(micros)) {
            return true;
        }
        for (Partition partition : partitions) {
            if (partition.range().holds(micros)) {
                last = partition.range();
                return true;
            }
        }
        return false;
    }

    /** Creates the partition for rows of that time, if it does not exist. Does so in the open transaction. */
    void make(Connection connection, long micros) throws SQLException {
        lock(connection);
        read(connection);
        if (!covers(micros)) {
            LongStatements.run(connection, () -> create(connection, micros));
        }
        // restores the session's lock_timeout, which equals its statement_timeout
        Ddl.execute(connection, "SELECT set_config('lock_timeout', current_setting('statement_timeout'), true)");
    }

    /**
     * Creates partitions for the current and next periods, and detaches or drops old ones, each in its own transaction. Postpones
     * work that a lock prevents.
     */
    void upkeep(Connection connection, long nowMicros) throws SQLException {
        long time = nowMicros;
        read(connection);
        for (long i = 0; i <= ahead; i++) {
            long from = time;
            if (!covers(from)) {
                inTransaction(connection, "creating a partition", () -> make(connection, from));
            }
            time = period.around(from).to();
        }
        if (retention != Retention.KEEP) {
            long oldest = nowMicros - retainDays * MICROS_PER_DAY;
            for (Partition partition : List.copyOf(partitions)) {
                if (partition.range().to() <= oldest) {
                    inTransaction(
                            connection,
                            "detaching or dropping " + partition.name(),
                            () -> letGo(connection, partition));
                }
            }
            read(connection);
        }
        warnOfStrays(connection);
        connection.commit();
    }

    private interface Work {
        void run() throws SQLException;
    }

    private void inTransaction(Connection connection, String doing, Work work) throws SQLException {
        try {
            work.run();
            connection.commit();
        } catch (SQLException e) {
            if (!PUT_OFF.contains(String.valueOf(e.getSQLState()))) {
                throw e;
            }
            connection.rollback();
            read(connection);
            LOG.warn("{} of {} is postponed: another session holds a lock there, or it takes too long", doing, table);
        }
    }

    /** Waits until no other sink works on the table's partitions, and locks them until the transaction ends. */
    private void lock(Connection connection) throws SQLException {
        Ddl.execute(
                connection,
                "SET LOCAL lock_timeout TO '" + LOCK_TIMEOUT + "'; SELECT pg_advisory_xact_lock(hashtext("
                        + Quoted.literal("pgcdc partitions of " + table) + "))");
    }

    private void read(Connection connection) throws SQLException {
        String bound = "substring(pg_get_expr(c.relpartbound, c.oid) FROM '%s \\(''([^'']*)''\\)')::timestamptz";
        String micros = "CASE WHEN isfinite(%1$s) THEN (extract(epoch FROM %1$s) * 1000000)::bigint END";
        String sql = "SELECT n.nspname, c.relname, pg_get_expr(c.relpartbound, c.oid) = 'DEFAULT', "
                + micros.formatted(bound.formatted("FROM")) + ", " + micros.formatted(bound.formatted("TO"))
                + " FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
                + " WHERE i.inhparent = to_regclass(?)";
        forget();
        defaultPartition = null;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, table.sql());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    TableName name = new TableName(rows.getString(1), rows.getString(2));
                    if (rows.getBoolean(3)) {
                        defaultPartition = name;
                        continue;
                    }
                    long from = rows.getLong(4);
                    boolean open = rows.wasNull();
                    long to = rows.getLong(5);
                    partitions.add(new Partition(
                            name, new Range(open ? Long.MIN_VALUE : from, rows.wasNull() ? Long.MAX_VALUE : to)));
                }
            }
        }
    }

    private TableName create(Connection connection, long micros) throws SQLException {
        Range whole = period.around(micros);
        // another program may have created partitions of another length
        long from = partitions.stream()
                .mapToLong(p -> p.range().to())
                .filter(to -> to <= micros)
                .max()
                .orElse(Long.MIN_VALUE);
        long to = partitions.stream()
                .mapToLong(p -> p.range().from())
                .filter(next -> next > micros)
                .min()
                .orElse(Long.MAX_VALUE);
        Range range = new Range(Math.max(from, whole.from()), Math.min(to, whole.to()));
        TableName name = freeName(connection, whole.from());
        Ddl.execute(
                connection,
                "CREATE TABLE " + name.sql() + " (LIKE " + table.sql() + " INCLUDING DEFAULTS INCLUDING CONSTRAINTS"
                        + " INCLUDING GENERATED INCLUDING STORAGE INCLUDING COMPRESSION)");
        moveStrays(connection, name, range);
        // a deferred check of one partition does not prevent attaching another one
        Ddl.execute(
                connection,
                "ALTER TABLE " + table.sql() + " ATTACH PARTITION " + name.sql() + " FOR VALUES FROM ("
                        + timestamp(range.from()) + ") TO (" + timestamp(range.to()) + ")");
        partitions.add(new Partition(name, range));
        last = range;
        LOG.debug("created partition {}", name);
        return name;
    }

    private TableName freeName(Connection connection, long fromMicros) throws SQLException {
        String base = table.name() + "_" + period.suffix(fromMicros);
        TableName name = new TableName(table.schema(), base);
        for (int i = 2; Ddl.exists(connection, name); i++) {
            name = new TableName(table.schema(), base + "_" + i);
        }
        return name;
    }

    /** Moves rows from the default partition to the new one. Otherwise they would prevent attaching it. */
    private void moveStrays(Connection connection, TableName to, Range range) throws SQLException {
        TableName from = defaultPartition;
        if (from == null) {
            return;
        }
        String columns = String.join(", ", columns(connection, to));
        try (Statement statement = connection.createStatement()) {
            int moved = statement.executeUpdate("WITH moved AS (DELETE FROM " + from.sql() + " WHERE changed_at >= "
                    + timestamp(range.from()) + " AND changed_at < " + timestamp(range.to())
                    + " RETURNING *) INSERT INTO "
                    + to.sql() + " (" + columns + ") SELECT " + columns + " FROM moved");
            if (moved > 0) {
                LOG.info("moved {} rows from {} to the new partition {}", moved, from, to);
            }
        }
    }

    private static Set<String> columns(Connection connection, TableName of) throws SQLException {
        Set<String> columns = new HashSet<>();
        try (PreparedStatement statement = connection.prepareStatement("SELECT attname FROM pg_attribute"
                + " WHERE attrelid = to_regclass(?) AND attnum > 0 AND NOT attisdropped AND attgenerated = ''")) {
            statement.setString(1, of.sql());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    columns.add(Quoted.identifier(rows.getString(1)));
                }
            }
        }
        return columns;
    }

    private static String timestamp(long micros) {
        return "'" + java.time.Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L)) + "'";
    }

    private void letGo(Connection connection, Partition partition) throws SQLException {
        lock(connection);
        boolean unprocessed = retention != Retention.DETACH
                && isAny(connection, partition.name().sql() + " WHERE processed = FALSE");
        if (retention == Retention.DROP_PROCESSED && unprocessed) {
            LOG.warn(
                    "partition {} is older than {} days but is kept: some of its rows are not processed",
                    partition.name(),
                    retainDays);
            return;
        }
        if (retention == Retention.DETACH) {
            LongStatements.execute(
                    connection,
                    "ALTER TABLE " + table.sql() + " DETACH PARTITION "
                            + partition.name().sql());
        } else {
            LongStatements.execute(connection, "DROP TABLE " + partition.name().sql());
        }
        LOG.info(
                "partition {} is older than {} days: {}{}",
                partition.name(),
                retainDays,
                retention == Retention.DETACH ? "detached" : "dropped",
                unprocessed ? ", with unprocessed rows" : "");
    }

    private static boolean isAny(Connection connection, String rows) throws SQLException {
        return LongStatements.run(connection, () -> Ddl.isTrue(connection, "SELECT EXISTS (SELECT FROM " + rows + ")"));
    }

    /** Warns if the default partition has rows: another program wrote them with times that have no partition. */
    private void warnOfStrays(Connection connection) throws SQLException {
        TableName strays = defaultPartition;
        if (strays != null && isAny(connection, strays.sql())) {
            LOG.warn("{} has rows whose time has no partition; retain does not apply to them", strays);
        }
    }
}
