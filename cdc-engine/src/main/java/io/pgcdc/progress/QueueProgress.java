package io.pgcdc.progress;

import io.pgcdc.model.Lsn;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How far the queue has come. Capture says what it appended, the flusher what is forced to disk, and the sinks' threads wait for
 * that. All fields are guarded by this object's monitor.
 *
 * <p>Only ends of transactions (and messages) are told here: what lies behind the last one may still be cut off.
 */
public final class QueueProgress {

    private Mark appended;
    private Mark durable;
    private boolean closed;

    /**
     * An end of a transaction in the queue.
     *
     * @param index of the segment that ends it
     * @param commitLsn of the last commit up to there
     * @param endLsn of that commit
     */
    public record Mark(long index, long commitLsn, long endLsn) {}

    /** Starts from what is in the queue, all of it on disk. */
    public QueueProgress(Mark last) {
        appended = last;
        durable = last;
    }

    /** Capture appended a segment that ends a transaction. */
    public synchronized void appended(long index, long commitLsn, long endLsn) {
        appended = new Mark(index, Lsn.max(appended.commitLsn, commitLsn), Lsn.max(appended.endLsn, endLsn));
        notifyAll();
    }

    /**
     * Returns what is to be forced. Waits for it, that long at most.
     *
     * @return null if there is nothing
     */
    public synchronized @Nullable Mark awaitUnforced(long timeoutMs) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        for (long left = timeoutMs; unforced() == null && !closed && left > 0; ) {
            wait(left);
            left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        }
        return unforced();
    }

    private @Nullable Mark unforced() {
        return appended.index == durable.index ? null : appended;
    }

    /** Returns true if nothing more is appended. */
    synchronized boolean isClosed() {
        return closed;
    }

    public synchronized void durable(Mark mark) {
        durable = mark;
        notifyAll();
    }

    /**
     * Waits, for so long at most, until a segment behind {@code index} may be read.
     *
     * @param called ends the wait, too; looked at again after each {@link #wake}
     */
    public synchronized void awaitDurableBehind(long index, long timeoutMs, BooleanSupplier called)
            throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        for (long left = timeoutMs; durable.index <= index && !closed && left > 0 && !called.getAsBoolean(); ) {
            wait(left);
            left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        }
    }

    /** Makes those who wait look whether they are called. */
    public synchronized void wake() {
        notifyAll();
    }

    /** Of the last segment that ends a transaction, durable or not. */
    synchronized long appendedIndex() {
        return appended.index;
    }

    public synchronized Mark durableMark() {
        return durable;
    }

    /** No more appends: the flusher forces what is left and ends. */
    public synchronized void close() {
        closed = true;
        notifyAll();
    }
}
