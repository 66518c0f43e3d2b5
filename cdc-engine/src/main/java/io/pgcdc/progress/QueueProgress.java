package io.pgcdc.progress;

import io.pgcdc.model.Lsn;
import io.pgcdc.queue.SegmentStore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The queue's progress. Capture reports appended segments, the flusher reports those forced to disk, and the sinks' threads wait for the
 * latter. This object's monitor guards all fields.
 *
 * <p>A mark is always the end of a transaction or a message: segments after the last end may still be cut off.
 */
public final class QueueProgress {

    private Mark appended;
    private Mark durable;
    private boolean closed;

    /** True if there is no disk to force: what was appended may be read at once, also a part of a transaction. */
    private final boolean inMemory;

    private long part = SegmentStore.NONE;

    /**
     * An end of a transaction in the queue.
     *
     * @param index of the segment that ends it
     * @param commitLsn of the last commit up to there
     * @param endLsn of that commit
     */
    public record Mark(long index, long commitLsn, long endLsn) {}

    private final Meter captured = new Meter();

    /** Begins at the end of the queue, all of which is on disk. */
    public QueueProgress(Mark last) {
        this(last, false);
    }

    /** Begins at the end of the queue. If it is in memory, what is appended counts as durable at once. */
    public QueueProgress(Mark last, boolean inMemory) {
        appended = last;
        durable = last;
        this.inMemory = inMemory;
    }

    /** Returns the counter of changes and rows that were appended in this run. Any thread. */
    public Meter captured() {
        return captured;
    }

    /** Notes that capture appended a segment that ends a transaction. */
    public synchronized void appended(long index, long commitLsn, long endLsn) {
        appended = new Mark(index, Lsn.max(appended.commitLsn, commitLsn), Lsn.max(appended.endLsn, endLsn));
        if (inMemory) {
            durable = appended;
        }
        notifyAll();
    }

    /** Notes that capture appended a part of a transaction. In memory it may be read at once: there may be no room for all parts. */
    public synchronized void appendedPart(long index) {
        if (inMemory) {
            part = index;
            notifyAll();
        }
    }

    /** Returns the index of the last segment that may be read. */
    public synchronized long readableIndex() {
        return Math.max(durable.index, part);
    }

    /**
     * Waits for a mark to force.
     *
     * @param timeoutMs the longest wait
     * @return the mark, or null if there is none
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

    /** Returns true after {@link #close}: nothing more is appended. */
    synchronized boolean isClosed() {
        return closed;
    }

    /** Notes that all segments up to the mark are on disk. */
    public synchronized void durable(Mark mark) {
        durable = mark;
        notifyAll();
    }

    /**
     * Waits until a segment after {@code index} may be read.
     *
     * @param timeoutMs the longest wait
     * @param called returns true to end the wait earlier; asked again after each {@link #wake}
     */
    public synchronized void awaitDurableAfter(long index, long timeoutMs, BooleanSupplier called)
            throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        for (long left = timeoutMs; readableIndex() <= index && !closed && left > 0 && !called.getAsBoolean(); ) {
            wait(left);
            left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        }
    }

    /** Makes waiting threads check again if they are called. */
    public synchronized void wake() {
        notifyAll();
    }

    /** Returns the index of the last segment that ends a transaction, durable or not. */
    synchronized long appendedIndex() {
        return appended.index;
    }

    /** Returns the last mark that is on disk. */
    public synchronized Mark durableMark() {
        return durable;
    }

    /** Ends the appends. The flusher then forces the rest and ends. */
    public synchronized void close() {
        closed = true;
        notifyAll();
    }
}
