package io.pgcdc.address;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Reads what a program prints, on a thread of its own, so that the program never waits. Keeps the beginning. */
final class Output {

    private static final int BUFFER = 8_192;

    private final InputStream from;
    private final int most;
    private final ByteArrayOutputStream read = new ByteArrayOutputStream();
    private final Thread thread;

    Output(InputStream from, int mostBytes) {
        this.from = from;
        this.most = mostBytes;
        thread = new Thread(this::work, "cdc-password-command");
        thread.setDaemon(true);
        thread.start();
    }

    private void work() {
        byte[] buffer = new byte[BUFFER];
        try (from) {
            for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
                keep(buffer, n);
            }
        } catch (IOException e) {
            // the program was ended; what it said before counts
        }
    }

    private synchronized void keep(byte[] bytes, int count) {
        read.write(bytes, 0, Math.min(count, most - read.size()));
    }

    /**
     * Returns all of it. A program's child may hold the stream open: does not wait beyond the deadline.
     *
     * @param deadlineNanos like {@link System#nanoTime}
     */
    String await(long deadlineNanos) throws InterruptedException {
        thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime())));
        return soFar();
    }

    synchronized String soFar() {
        return read.toString(StandardCharsets.UTF_8);
    }
}
