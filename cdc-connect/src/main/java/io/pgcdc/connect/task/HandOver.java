package io.pgcdc.connect.task;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The parcels between the sink's thread, which fills it, and the task's, which empties it. Bounded. */
final class HandOver {

    private final long mostBytes;
    private final Deque<Parcel> parcels = new ArrayDeque<>();
    private long bytes;
    private boolean closed;
    private @Nullable Throwable failure;

    /** @param mostBytes of parcels that wait; one larger one may wait alone */
    HandOver(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /**
     * Adds a parcel. Waits for room.
     *
     * @throws InterruptedException the parcel was not added: interrupted, or closed
     */
    synchronized void put(Parcel parcel) throws InterruptedException {
        while (!closed && !parcels.isEmpty() && bytes + parcel.bytes() > mostBytes) {
            wait();
        }
        if (closed) {
            throw new InterruptedException("the task stops");
        }
        parcels.add(parcel);
        bytes += parcel.bytes();
        notifyAll();
    }

    /**
     * Takes the next parcel.
     *
     * @param waitMs the longest wait; 0: none
     * @return null: there is none
     */
    synchronized @Nullable Parcel take(long waitMs) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMs);
        for (long left = waitMs; parcels.isEmpty() && !closed && failure == null && left > 0; ) {
            wait(left);
            left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        }
        Parcel taken = parcels.poll();
        if (taken != null) {
            bytes -= taken.bytes();
            notifyAll();
        }
        return taken;
    }

    synchronized boolean isEmpty() {
        return parcels.isEmpty();
    }

    /** Returns the bytes that wait. */
    synchronized long bytes() {
        return bytes;
    }

    /** Notes why nothing more comes. */
    synchronized void fail(Throwable why) {
        failure = why;
        notifyAll();
    }

    /** Returns why nothing more comes, once all parcels are taken; null: something may come. */
    synchronized @Nullable Throwable failure() {
        return parcels.isEmpty() ? failure : null;
    }

    /** Ends all waits. */
    synchronized void close() {
        closed = true;
        parcels.clear();
        notifyAll();
    }
}
