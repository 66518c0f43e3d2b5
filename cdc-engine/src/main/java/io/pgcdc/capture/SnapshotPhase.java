package io.pgcdc.capture;

import io.pgcdc.life.Lifecycle;
import java.util.function.LongSupplier;

/**
 * Appends the chunks of the snapshot that a new slot begins with. The stream is read only after the last one: its changes come later than all
 * rows. Meanwhile the server keeps the WAL. Capture thread.
 */
public final class SnapshotPhase {

    private static final long IDLE_MS = 2;

    private final ChunkFeed feed;
    private final ChunkWriter writer;
    private final CaptureLoop loop;
    private final LongSupplier durableThrough;
    private final Lifecycle lifecycle;

    /** @param durableThrough returns the index of the last segment that survives the process */
    public SnapshotPhase(
            ChunkFeed feed, ChunkWriter writer, CaptureLoop loop, LongSupplier durableThrough, Lifecycle lifecycle) {
        this.feed = feed;
        this.writer = writer;
        this.loop = loop;
        this.durableThrough = durableThrough;
        this.lifecycle = lifecycle;
    }

    /** Appends chunks until the last one is durable, or the run stops. Returns false if it stops. */
    boolean run() {
        while (!lifecycle.stopping() && !isFinished()) {
            loop.meetRequests();
            loop.checkpointWhenDue();
            feed.tend();
            Chunk chunk = loop.mayAppend() ? feed.poll() : null;
            if (chunk != null) {
                writer.append(chunk, feed.lsn(), feed.takenMicros(), index -> feed.appended(chunk, index));
            } else if (!lifecycle.pause(IDLE_MS)) {
                return false;
            }
        }
        return !lifecycle.stopping();
    }

    private boolean isFinished() {
        if (!feed.isDrained() || durableThrough.getAsLong() < writer.lastIndex()) {
            return false;
        }
        loop.checkpoint();
        feed.finish();
        return true;
    }
}
