package io.pgcdc.queue;

import io.pgcdc.error.QueueException;
import io.pgcdc.model.Relation;
import java.util.function.Consumer;

/** What keeps the versions of layouts. Capture thread; {@link #missing} any thread. */
public interface LayoutLog extends AutoCloseable {

    /**
     * Hands over all that is stored, in the order of the versions. To be called once, before anything is appended.
     *
     * @return the last version that was given, whether it is there or was lost
     * @throws QueueException QUEUE_DAMAGED, QUEUE_FORMAT, QUEUE_IO
     */
    int read(Consumer<Relation> stored);

    /** Adds the version that follows the last one; durable when this returns. */
    void append(Relation stored);

    /** The error that tells of a version that segments name and that is not there. */
    QueueException missing(int version);

    @Override
    void close();
}
