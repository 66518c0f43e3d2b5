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
 * Writes batches into a PostgreSQL database, exactly once: rows and position commit together. Transactions of the source share one of the
 * target until it is large enough, or nothing waits; each stays whole, for the position stands at ends of transactions only.
 *
 * <p><b>A lost connection</b> takes the open transaction with it. The position tells on the next one what was committed, and everything
 * behind it comes again.
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

    /** The applier has nothing left to do for what is committed. */
    private boolean settled = true;

    /** The last batch was a part of a transaction, whose end has not come. */
    private boolean inParts;

    /** The last end of a transaction that was given. */
    private @Nullable Position whole;

    /** What the target said it has. */
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
                commit(); // what is whole must not wait for what may take long
                inParts = true; // from its first row on, whatever becomes of this batch
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
        // when nothing is pending, nothing of it concerned the target
        return !writer.pending() || applier.bytes() >= commitBytes ? flush() : Durability.ACCEPTED;
    }

    /** What a person is asked about must be what is in the target. If it cannot be had, it comes again and stops again. */
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
            LOG.warn("sink {}: what came before the change was not committed: {}", name, e.toString());
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

    /** A standby that lagged was promoted, a backup restored: what is missing there does not come again by itself. */
    private void requireNotBehind(@Nullable Position found) {
        Position had = committed;
        if (had != null && (found == null || found.compareTo(had) < 0)) {
            throw new SinkException(
                    ErrorCode.TARGET_BEHIND,
                    "sink \"" + name + "\": the target has changes up to " + (found == null ? "none" : found)
                            + " and had confirmed them up to " + had + ": it lost some, or is another database; "
                            + target.where()
                            + ". Bring the right one back, or begin anew with another name for the sink.");
        }
    }

    private SinkException failed(SQLException e, String doing) {
        SinkException error = TargetErrors.statement(e, doing, target.where());
        abandon();
        return error;
    }

    /** The connection and what it had not committed are given up. */
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
