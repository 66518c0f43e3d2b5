package io.pgcdc.cli.http;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Ends connections whose client does not read. An interrupt ends a write to a socket, and closes it. Any thread. */
final class StalledWrites implements AutoCloseable {

    private static final long LOOK_MS = 500;

    private final Set<Write> running = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread watch;

    StalledWrites() {
        watch = new Thread(this::watch, "cdc-http-watch");
        watch.setDaemon(true);
        watch.start();
    }

    /** One write of one thread. */
    private static final class Write {

        private final Thread thread = Thread.currentThread();
        private final long untilNanos;
        private boolean done;

        Write(long limitMs) {
            untilNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limitMs);
        }

        synchronized void endIfLate() {
            if (!done && System.nanoTime() - untilNanos > 0) {
                done = true;
                thread.interrupt();
            }
        }

        synchronized void end() {
            if (done) {
                boolean unused = Thread.interrupted(); // it was for this write
            }
            done = true;
        }
    }

    /** Writes to a client. */
    interface Writing {
        void run() throws IOException;
    }

    /**
     * Writes on the calling thread.
     *
     * @param limitMs the longest time; after it the connection is closed
     * @throws IOException the client is gone, or did not read in time
     */
    void within(long limitMs, Writing writing) throws IOException {
        Write write = new Write(limitMs);
        running.add(write);
        try {
            writing.run();
        } finally {
            running.remove(write);
            write.end();
        }
    }

    private void watch() {
        try {
            while (!closed.await(LOOK_MS, TimeUnit.MILLISECONDS)) {
                running.forEach(Write::endIfLate);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
