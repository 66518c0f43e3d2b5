package io.pgcdc.cli.control;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;

/** A client's connection, on its own thread. */
final class Connection {

    private final SocketChannel channel;
    private final InputStream in;
    private final OutputStream out;

    /** Since when the client is waited for, by the JVM's clock. Guarded by this. */
    private long waitingSince = System.nanoTime();

    private boolean working;

    Connection(SocketChannel channel) {
        this.channel = channel;
        in = Channels.newInputStream(channel);
        out = Channels.newOutputStream(channel);
    }

    /**
     * What a client has asked for.
     *
     * @param <T> the answer
     */
    interface Work<T> {

        /** Returns the answer. */
        T answer() throws IOException;
    }

    /** Returns what the client sends. */
    InputStream in() {
        return in;
    }

    /** Returns where the client reads. */
    OutputStream out() {
        return out;
    }

    /** Does what the client has asked for. Meanwhile the connection is not closed in favor of another one. */
    <T> T work(Work<T> work) throws IOException {
        begin(true);
        try {
            return work.answer();
        } finally {
            begin(false);
        }
    }

    private synchronized void begin(boolean work) {
        working = work;
        waitingSince = System.nanoTime();
    }

    /** Returns for how long the client is waited for, in nanoseconds; -1: it waits for us. */
    synchronized long waitedNanos() {
        return working ? -1 : Math.max(0, System.nanoTime() - waitingSince);
    }

    void close() throws IOException {
        channel.close();
    }
}
