package io.pgcdc.sinks.postgres.transaction;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.model.Position;
import io.pgcdc.sink.Batch;
import io.pgcdc.sink.Durability;
import io.pgcdc.sink.RefusedChangeException;
import io.pgcdc.sink.Sink;
import io.pgcdc.sink.SourceId;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes batches into a PostgreSQL database, exactly once: rows and position commit together. Transactions of the source share one
 * of the target until it is large enough or no change waits. Each stays whole, because the position is always the end of a
 * transaction.
 *
 * <p><b>A lost connection</b> rolls back the open transaction. On the next connection the position tells what was committed, and
 * everything after it repeats.
 */
public final class TargetSink implements Sink {

    private static final Logger LOG = LoggerFactory.getLogger(TargetSink.class);

    private final String name;
    private final Target target;
    private final SinkPositions positions;
    private final Applier applier;
    private final long commitBytes;
    private final BatchWriter writer;
    private @Nullable SourceId source;
    private @Nullable TargetSession session;

    /** True if the applier has no work left for committed changes. */
    private boolean settled = true;

    /** True if the last batch was a part of a transaction, whose end has not come. */
    private boolean inParts;

    /** End of the last whole transaction. */
    private @Nullable Position whole;

    /** The target's committed position. */
    private @Nullable Position committed;

    TargetSink(String name, Target target, SinkPositions positions, Applier applier, long commitBytes) {
        this.name = name;
        this.target = target;
        this.positions = positions;
        this.applier = applier;
        this.commitBytes = commitBytes;
        this.writer = new BatchWriter(name, target.where(), applier, new OwnTables(name, positions, applier));
    }

    @Override
    public @Nullable Position open(SourceId from) {
        return open(from, null);
    }

    @Override
    public @Nullable Position open(SourceId from, @Nullable Position confirmed) {
        source = from;
        if (confirmed != null) {
            positions.expect(confirmed);
        }
        return session().position();
    }

    @Override
    public Durability write(Batch batch) {
        boolean part = !batch.endsAtCommit();
        try {
            if (part && !inParts) {
                commit(); // whole transactions must not wait for a long one
                inParts = true; // from its first row on, even if this batch fails
            }
            TargetSession current = session();
            writer.write(batch, current);
        } catch (SQLException e) {
            throw failed(e, "writing rows");
        } catch (SinkException e) {
            if (e instanceof StoppedException stopped && !part && !inParts) {
                commitBefore(batch, stopped);
            }
            if (!(e instanceof RefusedChangeException)) {
                abandon();
            }
            throw e;
        }
        inParts = part;
        if (part) {
            return Durability.ACCEPTED;
        }
        whole = batch.lastPosition();
        // if nothing is pending, nothing of it concerned the target
        return !writer.pending() || applier.bytes() >= commitBytes ? flush() : Durability.ACCEPTED;
    }

    /**
     * Commits the transactions before the stop, so that the target shows the state in question. If that fails, the changes repeat
     * and stop again.
     */
    private void commitBefore(Batch batch, StoppedException stopped) {
        TargetSession current = session;
        if (current == null || writer.holdsPartOf(stopped.position())) {
            return;
        }
        try {
            Position last = writer.writeBefore(batch, stopped.position(), current);
            if (last != null) {
                whole = last;
            }
            commit();
        } catch (SQLException | SinkException e) {
            LOG.warn("sink {}: the transactions before the change were not committed: {}", name, e.toString());
        }
    }

    @Override
    public Durability flush() {
        if (!inParts) {
            try {
                commit();
            } catch (SQLException e) {
                throw failed(e, "committing");
            } catch (SinkException e) {
                abandon();
                throw e;
            }
        }
        return settled ? Durability.DURABLE : Durability.ACCEPTED;
    }

    private void commit() throws SQLException {
        Position last = whole;
        TargetSession current = session;
        if (last == null || current == null) {
            return;
        }
        if (writer.pending()) {
            applier.beforeCommit(last);
            current.commit(last);
            committed = last;
            writer.committed();
        }
        settled = applier.settled();
    }

    private TargetSession session() {
        TargetSession current = session;
        if (current != null) {
            return current;
        }
        SourceId from = source;
        if (from == null) {
            throw new IllegalStateException("sink " + name + " was not opened");
        }
        TargetSession fresh = TargetSession.open(name, target, positions, applier, from);
        try {
            requireNotBehind(fresh.position());
        } catch (SinkException e) {
            fresh.close();
            throw e;
        }
        session = fresh;
        writer.restart(fresh.position());
        return fresh;
    }

    /**
     * Checks that the target has what it confirmed. A standby that lagged may have been promoted, or a backup restored: the missing
     * changes do not repeat.
     */
    private void requireNotBehind(@Nullable Position found) {
        Position had = committed;
        if (had != null && (found == null || found.compareTo(had) < 0)) {
            throw new SinkException(
                    ErrorCode.TARGET_BEHIND,
                    "sink \"" + name + "\": the target's changes end at " + (found == null ? "none" : found)
                            + ", but it had confirmed them up to " + had + ": it lost changes, or is another database; "
                            + target.where()
                            + ". Restore the right database, or start with another name for the sink.");
        }
    }

    private SinkException failed(SQLException e, String doing) {
        SinkException error = TargetErrors.statement(e, doing, target.where());
        abandon();
        return error;
    }

    /** Drops the connection and its uncommitted rows. */
    private void abandon() {
        TargetSession current = session;
        session = null;
        settled = true;
        inParts = false;
        whole = null;
        writer.restart(null);
        if (current != null) {
            current.close();
        }
    }

    @Override
    public void close() {
        abandon();
        applier.close();
    }
}
