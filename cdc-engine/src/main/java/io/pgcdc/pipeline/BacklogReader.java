package io.pgcdc.pipeline;

import io.pgcdc.error.QueueException;
import io.pgcdc.model.Lsn;
import io.pgcdc.pipeline.PipelineBacklog.SinkBacklog;
import io.pgcdc.progress.Backlog;
import io.pgcdc.progress.QueueProgress;
import io.pgcdc.progress.SinkProgress;
import io.pgcdc.queue.SegmentStore;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the backlog of a running pipeline from the headers in its queue. Any thread. */
final class BacklogReader implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BacklogReader.class);

    private final Path directory;
    private final SegmentStore store;
    private final LongSupplier freeBytes;
    private final QueueProgress queue;
    private final Map<String, SinkProgress> sinks;
    private final Backlog backlog;
    private boolean closed;

    BacklogReader(Path directory, OpenQueue queue) {
        this.directory = directory;
        store = queue.store();
        freeBytes = queue.storage()::freeBytes;
        this.queue = queue.progress();
        sinks = new LinkedHashMap<>(queue.sinks());
        backlog = new Backlog(store);
    }

    /** Returns the backlog; null after the run has ended. */
    synchronized @Nullable PipelineBacklog read() {
        if (closed) {
            return null;
        }
        Map<String, SinkBacklog> read = new LinkedHashMap<>();
        String slowest = null;
        long oldestIndex = Long.MAX_VALUE;
        for (Map.Entry<String, SinkProgress> sink : sinks.entrySet()) {
            long next = sink.getValue().durableIndex();
            SinkBacklog held = held(sink.getKey(), sink.getValue(), next);
            if (held == null) {
                continue;
            }
            read.put(sink.getKey(), held);
            if (held.changes() > 0 && next < oldestIndex) {
                oldestIndex = next;
                slowest = sink.getKey();
            }
        }
        return new PipelineBacklog(
                new PipelineBacklog.Queue(directory, store.storedBytes(), freeBytes.getAsLong(), slowest), read);
    }

    private @Nullable SinkBacklog held(String name, SinkProgress sink, long next) {
        long sinkEnd = sink.durableEndLsn();
        try {
            Backlog.Held held = backlog.after(next);
            long queueEnd = queue.durableMark().endLsn();
            if (held.changes() == 0) {
                return new SinkBacklog(0, 0L, null);
            }
            return new SinkBacklog(
                    held.changes(),
                    sinkEnd == Lsn.INVALID ? null : queueEnd - Lsn.min(sinkEnd, queueEnd),
                    Instant.EPOCH.plus(held.oldestMicros(), ChronoUnit.MICROS));
        } catch (QueueException e) {
            // released meanwhile, or it cannot be read: the sink itself then fails with the same error
            LOG.debug("the backlog of sink {} cannot be counted", name, e);
            return null;
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        backlog.close();
    }
}
