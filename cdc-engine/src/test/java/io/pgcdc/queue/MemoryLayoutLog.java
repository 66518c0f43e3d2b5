package io.pgcdc.queue;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import io.pgcdc.model.Relation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Keeps layouts in memory, also after {@link #close}. A test opens it again as a new process does. */
public final class MemoryLayoutLog implements LayoutLog {

    private final List<Relation> stored = new ArrayList<>();

    @Override
    public int read(Consumer<Relation> taker) {
        stored.forEach(taker);
        return stored.size();
    }

    @Override
    public void append(Relation layout) {
        if (layout.version() != stored.size() + 1) {
            throw new AssertionError("version " + layout.version() + " after " + stored.size());
        }
        stored.add(layout);
    }

    @Override
    public QueueException missing(int version) {
        return new QueueException(
                ErrorCode.QUEUE_DAMAGED, "no layout version " + version + "; in memory. A test lost it.");
    }

    @Override
    public void close() {}
}
