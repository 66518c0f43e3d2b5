package io.pgcdc.sinks.postgres.inbox;

import io.pgcdc.address.ServerAddress;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.model.SeenTransactions;
import io.pgcdc.model.TableName;
import io.pgcdc.session.Quoted;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sinks.outbox.OutboxSettings;
import io.pgcdc.sinks.postgres.transaction.Target;
import io.pgcdc.sinks.postgres.transaction.TargetErrors;
import io.pgcdc.sinks.postgres.transaction.TargetSettings;
import io.pgcdc.sinks.postgres.transaction.TextArray;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Marks rows of the outbox as published when their events are durable. Uses its own connection to the source. A crash before the mark
 * leaves no row unmarked: the sink has not reported these changes as durable, so they repeat.
 *
 * <p><b>A row that is not visible yet.</b> The server sends a transaction before other sessions can see it, if the transaction still
 * waits for a synchronous standby or is still listed as running. Its rows cannot be marked then. The statement that marks rows also
 * returns its snapshot, which tells the transactions that the statement does not see. This class keeps their rows and marks them
 * later. If the statement sees a transaction but finds no row, the row was deleted or is already marked.
 *
 * <p>For one thread.
 */
final class PublishedMarks {

    private static final Logger LOG = LoggerFactory.getLogger(PublishedMarks.class);

    /** Longest time that one call waits for transactions to become visible. A synchronous standby usually takes less. */
    private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** Maximum number of rows that wait for their mark, so that they fit in memory. */
    private static final int MOST_WAITING = 100_000;

    /** Marks rows and returns the snapshot. Placeholders: the table, status_column, published_at_column, id_column, the id's type. */
    private static final String MARK = """
            WITH marked AS (
                UPDATE %1$s SET %2$s = 'published', %3$s = now() WHERE %4$s = ANY (?::text[]::%5$s[]) AND %2$s = 'pending')
            SELECT pg_current_snapshot()::text""";

    private final String sink;
    private final Target source;
    private final TableName outbox;
    private final String idColumn;
    private final String statusColumn;
    private final String publishedAtColumn;
    private final TextArray ids = new TextArray();

    /** Ids of unmarked rows, by the transaction that inserted them. */
    private final Map<Integer, Rows> waiting = new LinkedHashMap<>();

    /** False after a wait ran out of time, until all rows are marked. Calls do not wait then. */
    private boolean patient = true;

    private @Nullable Connection connection;
    private @Nullable PreparedStatement update;

    private PublishedMarks(String sink, Target source, TableName outbox, SettingValues settings) {
        this.sink = sink;
        this.source = source;
        this.outbox = outbox;
        idColumn = settings.get(OutboxSettings.ID);
        statusColumn = settings.get(InboxSettings.STATUS);
        publishedAtColumn = settings.get(InboxSettings.PUBLISHED_AT);
    }

    /** Returns the marks, or null if publish_url is not set. */
    static @Nullable PublishedMarks of(String sink, SettingValues settings, TableName outbox) {
        ServerAddress address = settings.find(InboxSettings.PUBLISH_URL);
        return address == null
                ? null
                : new PublishedMarks(sink, TargetSettings.second(address, settings), outbox, settings);
    }

    /**
     * Adds a row to mark.
     *
     * @param xid the transaction that inserted the row, from {@link io.pgcdc.model.Change#xid}; 0 for a row that a snapshot read
     * @param id the value of id_column
     */
    void add(int xid, byte[] id) {
        waiting.computeIfAbsent(xid, x -> new Rows()).add(id);
    }

    /**
     * Marks all visible rows. Waits up to 1 s for rows that are not visible yet.
     *
     * @return true if no row is left
     * @throws SinkException if the marks cannot be written, or too many rows are left. All rows are forgotten then: add them again
     */
    boolean write() {
        long begin = System.nanoTime();
        long pause = FIRST_PAUSE_NANOS;
        while (!waiting.isEmpty()) {
            mark();
            if (waiting.isEmpty()) {
                break;
            }
            if (!patient || Thread.currentThread().isInterrupted()) {
                requireRoom();
                return false;
            }
            if (System.nanoTime() - begin > LONGEST_WAIT_NANOS) {
                patient = false; // each later flush tries once, without a wait
                LOG.warn(
                        "sink {}: rows of {} from {} transactions cannot be marked as published yet: those transactions are"
                                + " not visible on the source. They are marked later, and the slot waits for that. Check with SELECT"
                                + " application_name, sync_state FROM pg_stat_replication that the standbys of"
                                + " synchronous_standby_names are connected.",
                        sink,
                        outbox,
                        waiting.size());
                requireRoom();
                return false;
            }
            LockSupport.parkNanos(pause);
            pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
        }
        patient = true;
        return true;
    }

    private void mark() {
        ids.clear();
        waiting.values().forEach(rows -> rows.addTo(ids));
        try {
            PreparedStatement statement = update();
            statement.setObject(1, ids);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                SeenTransactions seen = SeenTransactions.parse(row.getString(1));
                waiting.keySet().removeIf(seen::sees);
            }
        } catch (SQLException e) {
            clear();
            close();
            throw TargetErrors.statement(e, "marking events in " + outbox + " as published", source.where());
        } finally {
            ids.clear();
        }
    }

    private void requireRoom() {
        long rows = waiting.values().stream().mapToLong(Rows::count).sum();
        if (rows > MOST_WAITING) {
            int transactions = waiting.size();
            clear();
            throw new SinkException(
                    ErrorCode.SOURCE_NOT_VISIBLE,
                    "sink \"" + sink + "\": " + rows + " rows of " + outbox
                            + " cannot be marked as published, because the source has not"
                            + " finished " + transactions + " transactions that it sent; " + source.where()
                            + ". SELECT application_name, sync_state FROM pg_stat_replication there shows whether the standbys of"
                            + " synchronous_standby_names are connected.");
        }
    }

    /** Forgets all rows. */
    void clear() {
        waiting.clear();
    }

    private PreparedStatement update() throws SQLException {
        PreparedStatement known = update;
        if (known != null) {
            return known;
        }
        Connection fresh = source.connect();
        connection = fresh;
        PreparedStatement statement = fresh.prepareStatement(MARK.formatted(
                outbox.sql(),
                Quoted.identifier(statusColumn),
                Quoted.identifier(publishedAtColumn),
                Quoted.identifier(idColumn),
                idType(fresh)));
        update = statement;
        return statement;
    }

    private String idType(Connection fresh) throws SQLException {
        try (PreparedStatement statement = fresh.prepareStatement(
                "SELECT format_type(atttypid, -1) FROM pg_attribute WHERE attrelid = ?::regclass AND attname = ?")) {
            statement.setString(1, outbox.sql());
            statement.setString(2, idColumn);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getString(1) : "text";
            }
        }
    }

    void close() {
        Connection current = connection;
        connection = null;
        update = null;
        if (current != null) {
            Target.close(current);
        }
    }

    /** The ids of one transaction's rows. They are packed in one array, because there may be millions. */
    private static final class Rows {

        private byte[] packed = new byte[64];
        private int length;
        private int count;

        /** Appends the id's length and the id. */
        void add(byte[] id) {
            int end = length + Integer.BYTES + id.length;
            if (end > packed.length) {
                packed = Arrays.copyOf(packed, Math.max(end, 2 * packed.length));
            }
            ByteBuffer.wrap(packed).putInt(length, id.length);
            System.arraycopy(id, 0, packed, length + Integer.BYTES, id.length);
            length = end;
            count++;
        }

        int count() {
            return count;
        }

        void addTo(TextArray array) {
            for (int at = 0; at < length; ) {
                int size = ByteBuffer.wrap(packed).getInt(at);
                array.add(packed, at + Integer.BYTES, size);
                at += Integer.BYTES + size;
            }
        }
    }
}
