package io.pgcdc.snapshot;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.Outlook;
import io.pgcdc.error.SourceException;
import io.pgcdc.life.Backoff;
import io.pgcdc.life.Lifecycle;
import io.pgcdc.life.Worker;
import io.pgcdc.session.ServerWords;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one range of a table after the other. If the connection is lost, or the server lacks something, the range is read again until that passes.
 * If only the statement fails, because of a lock or a limit, it is read again some times. One thread.
 */
final class SnapshotReader implements Worker {

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotReader.class);
    private static final long LONGEST_PAUSE_MS = 10_000;

    /** Failures in a row of statements that a healthy server does not execute. With the pauses, they take some minutes. */
    static final int MOST_FAILURES = 25;

    /** Errors after which a new connection may help. Capture has logged in, so a refused login means that the password was changed. */
    private static final Set<ErrorCode> LOST = Set.of(
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
    private final AtomicInteger aborts = new AtomicInteger();

    /** Failures in a row of statements. */
    private int failures;

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

    /** Ends the read that is running. It is repeated, unless the run stops or nothing is left to read. Any thread. */
    @Override
    public void abort() {
        aborts.incrementAndGet();
        source.abort();
        tables.abort();
    }

    /**
     * Does the work, or waits after an error that may pass.
     *
     * @param what is read, for messages
     * @return true if something was done, or an error may pass
     */
    private boolean attempt(Object what, BooleanSupplier work) throws InterruptedException {
        int abortsBefore = aborts.get();
        try {
            boolean done = work.getAsBoolean();
            if (done) {
                failures = 0;
                backoff.reset();
            }
            return done;
        } catch (SourceException e) {
            if (lifecycle.stopping() || job.isRead()) {
                throw e;
            }
            if (aborts.get() != abortsBefore) {
                LOG.debug("{} Reading {} again.", e.describe(), what);
                return true; // no failure of the server's
            }
            if (!mayPass(e)) {
                throw e;
            }
            if (failures == MOST_FAILURES) {
                throw new SourceException(
                        e.code(), e.getMessage() + " It has failed " + failures + " times in a row.", e.getCause());
            }
            long pause = backoff.next();
            LOG.warn("{} Reading {} again in {} ms.", e.describe(), what, pause);
            lifecycle.awaitStop(pause);
            return true;
        }
    }

    private boolean mayPass(SourceException e) {
        if (LOST.contains(e.code())) {
            return reconnect;
        }
        Outlook outlook = e.getCause() instanceof SQLException cause && ServerWords.message(cause) != null
                ? Outlook.of(cause.getSQLState())
                : Outlook.PERMANENT;
        return switch (outlook) {
            case CONNECTION, SERVER -> reconnect;
            case CONTENTION -> {
                failures++;
                yield true;
            }
            case PERMANENT -> false;
        };
    }

    @Override
    public void end() {
        source.close();
    }
}
