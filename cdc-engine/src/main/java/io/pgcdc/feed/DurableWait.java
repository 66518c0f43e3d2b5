package io.pgcdc.feed;

import io.pgcdc.progress.QueueProgress;
import java.util.concurrent.TimeUnit;

/**
 * Lets many threads wait for the queue as one. Only one of them waits for {@link QueueProgress}, whose monitor capture enters for each segment; it
 * wakes the others. Any thread.
 */
final class DurableWait {

    private final QueueProgress progress;
    private boolean led;

    DurableWait(QueueProgress progress) {
        this.progress = progress;
    }

    /** Waits until a segment after the index is durable, at most this long. May return earlier. */
    void after(long index, long timeoutMs) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        synchronized (this) {
            while (led) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0 || progress.durableMark().index() > index) {
                    return;
                }
                wait(left);
            }
            led = true;
        }
        try {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            progress.awaitDurableAfter(index, left, () -> false);
        } finally {
            synchronized (this) {
                led = false;
                notifyAll();
            }
        }
    }
}
