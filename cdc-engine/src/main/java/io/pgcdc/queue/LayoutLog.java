package io.pgcdc.queue;

import io.pgcdc.error.QueueException;
import io.pgcdc.model.Relation;
import java.util.function.Consumer;

/** Stores the versions of layouts. Capture thread; {@link #missing} any thread. */
public interface LayoutLog extends AutoCloseable {

    /**
     * Passes all stored layouts to the consumer, in the order of their versions. Call it once, before the first append.
     *
     * @return the last version number in use, even if that version was lost
     * @throws QueueException QUEUE_DAMAGED, QUEUE_FORMAT, QUEUE_IO
     */
    int read(Consumer<Relation> stored);

    /** Adds the next version. It is durable when this returns. */
    void append(Relation stored);

    /** Returns the error for a version that a segment names and that this log lacks. */
    QueueException missing(int version);

    @Override
    void close();
}
