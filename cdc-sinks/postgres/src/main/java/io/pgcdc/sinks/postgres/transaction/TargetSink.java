package io.pgcdc.sinks.postgres.transaction;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.model.Position;
import io.pgcdc.sink.Batch;
import io.pgcdc.sink.Durability;
import io.pgcdc.sink.RefusedChangeException;
import io.pgcdc.sink.ReplayTerms;
import io.pgcdc.sink.Sink;
import io.pgcdc.sink.SourceId;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes batches into a PostgreSQL database, exactly once: rows and position commit together. One transaction of the target contains
 * several of the source: it is committed when it is large enough or when no change waits. It never ends within a transaction of the
 * source, because the position is always the end of one.
 *
 * <p><b>A lost connection</b> rolls back the open transaction. The next connection reads the committed position, and all changes
 * after it repeat.
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

    /** True if the last batch ended within a transaction of the source. */
    private boolean inParts;

    /** True if the next changes are a replay. */
    private boolean replaying;

    /** End of the last whole transaction that was written on this connection; null if there is none. */
    private @Nullable Position whole;

    /** The position that this process committed last, on any connection; null if there is none. */
    private @Nullable Position committed;

    TargetSink(String name, Target target, SinkPositions positions, Applier applier, long commitBytes) {
        this.name = name;
        this.target = target;
        this.positions = positions;
        this.applier = applier;
        this.commitBytes = commitBytes;
        this.writer =
                new BatchWriter(name, target.where(), applier, new OwnTables(name, positions, applier), this::commitAt);
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
    public void check() {
        target.check();
    }

    @Override
    public boolean reconciles() {
        return applier.reconciles();
    }

    @Override
    public ReplayTerms replayTerms() {
        try {
            TargetSession current = session();
            return applier.replayTerms(current.connection(), current.position());
        } catch (SQLException e) {
            throw failed(e, "preparing a replay");
        }
    }

    @Override
    public void replaying(boolean on) {
        replaying = on;
        applier.replaying(on);
        restart();
    }

    /** Passes over what the target has, unless it comes on purpose. */
    private void restart() {
        TargetSession current = session;
        writer.restart(replaying || current == null ? null : current.position());
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
        // if nothing is pending, no change of the batch concerned the target
        return !writer.pending() || applier.bytes() >= commitBytes || writer.isFull() ? flush() : Durability.ACCEPTED;
    }

    /**
     * Commits the transactions before the change that stops the sink, so that the target shows the state just before it. If that
     * fails, only logs it: the changes repeat and stop again.
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
        } catch (SQLException e) {
            notCommitted(TargetErrors.statement(e, "committing the transactions before the change", target.where()));
        } catch (SinkException e) {
            notCommitted(e);
        }
    }

    private void notCommitted(SinkException e) {
        LOG.warn("sink {}: the transactions before the change were not committed: {}", name, e.describe());
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

    private void commitAt(Position last) throws SQLException {
        whole = last;
        commit();
    }

    private void commit() throws SQLException {
        Position last = whole;
        TargetSession current = session;
        if (last == null || current == null) {
            return;
        }
        if (writer.pending()) {
            applier.beforeCommit(last);
            if (replaying) {
                current.commitReplay();
            } else {
                current.commit(last);
                committed = last;
            }
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
        restart();
        return fresh;
    }

    /**
     * Checks that the target still has all changes that it confirmed. A promoted standby that lagged, or a restored backup, lacks some
     * of them, and these changes do not repeat.
     *
     * @throws SinkException TARGET_BEHIND if the target's position is before the confirmed one
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
        writer.failed(e);
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
