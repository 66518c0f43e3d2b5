package io.pgcdc.queue.memory;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import io.pgcdc.model.Relation;
import io.pgcdc.queue.LayoutLog;
import java.util.function.Consumer;

/** Stores no layouts: segments in memory name only those of their own process, which has them. */
public final class MemoryLayouts implements LayoutLog {

    @Override
    public int read(Consumer<Relation> stored) {
        return 0;
    }

    @Override
    public void append(Relation stored) {
        // there is no disk
    }

    @Override
    public QueueException missing(int version) {
        return new QueueException(
                ErrorCode.QUEUE_DAMAGED,
                "layout " + version
                        + " is not in this queue in memory. Start again: the server sends everything that is missing.");
    }

    @Override
    public void close() {}
}
