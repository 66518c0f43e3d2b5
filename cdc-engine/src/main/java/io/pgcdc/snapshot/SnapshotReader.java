package io.pgcdc.snapshot;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.life.Backoff;
import io.pgcdc.life.Lifecycle;
import io.pgcdc.life.Worker;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads one range of a table after the other. A lost connection is opened again, and its range is read again. One thread. */
final class SnapshotReader implements Worker {

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotReader.class);
    private static final long LONGEST_PAUSE_MS = 10_000;

    /** Errors after which a new connection may help. Capture has logged in, so a refused login means that the password was changed. */
    private static final Set<ErrorCode> PASSING = Set.of(
            ErrorCode.CONNECTION_LOST,
            ErrorCode.SOURCE_UNREACHABLE,
            ErrorCode.PASSWORD_UNAVAILABLE,
            ErrorCode.AUTHENTICATION_FAILED);

    private final RangeReads job;
    private final ChunkSource source;
    private final SnapshotServer.LookUp tables;
    private final Lifecycle lifecycle;
    private final Backoff backoff;
    private final boolean reconnect;
    private final Consumer<Throwable> failed;

    SnapshotReader(
            RangeReads job,
            ChunkSource source,
            SnapshotServer.LookUp tables,
            Lifecycle lifecycle,
            boolean reconnect,
            Consumer<Throwable> failed) {
        this.tables = tables;
        this.failed = failed;
        this.job = job;
        this.source = source;
        this.lifecycle = lifecycle;
        this.reconnect = reconnect;
        this.backoff = new Backoff(lifecycle.clock(), LONGEST_PAUSE_MS);
    }

    @Override
    public boolean turn(long waitMs) {
        if (lifecycle.stopping() || job.isRead()) {
            return false;
        }
        try {
            if (attempt("the catalog", () -> job.lookUp(tables))) {
                return true;
            }
            ChunkQuery query = job.take(waitMs);
            if (query != null) {
                boolean unused = attempt(query, () -> {
                    job.read(query, source);
                    return true;
                });
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (Throwable e) {
            if (!lifecycle.stopping() && !job.isRead()) {
                failed.accept(e);
            }
            return false;
        }
    }

    /** Ends the read that is running. Any thread. Call it when the run stops. */
    @Override
    public void abort() {
        source.abort();
        tables.abort();
    }

    /**
     * Does the work, or waits after an error that may pass.
     *
     * @param what is read, for messages
     * @return the work's answer; true after an error
     */
    private boolean attempt(Object what, BooleanSupplier work) throws InterruptedException {
        try {
            boolean done = work.getAsBoolean();
            backoff.reset();
            return done;
        } catch (SourceException e) {
            if (lifecycle.stopping() || job.isRead() || !PASSING.contains(e.code()) || !reconnect) {
                throw e;
            }
            long pause = backoff.next();
            LOG.warn("{} Reading {} again in {} ms.", e.describe(), what, pause);
            lifecycle.awaitStop(pause);
            return true;
        }
    }

    @Override
    public void end() {
        source.close();
    }
}
