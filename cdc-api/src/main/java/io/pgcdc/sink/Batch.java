package io.pgcdc.sink;

import io.pgcdc.model.Change;
import io.pgcdc.model.Position;
import java.util.function.Consumer;

/**
 * The changes of one {@link Sink#write}, in order: whole transactions, or a part of one that is too large for a batch. Empty if routing
 * dropped all of them. A batch may be walked more than once, with the same outcome each time, until {@code write} returns; not later.
 */
public interface Batch {

    /** Hands each change to the consumer, in order; the {@link Change} is a flyweight, valid only within that call. */
    void forEach(Consumer<? super Change> consumer);

    /** How many changes at most; what routing leaves out may lower what {@link #forEach} brings. */
    int count();

    /** Position of the last change, of those left out too. */
    Position lastPosition();

    /** Whether that change is the last of its transaction: only there may a durable position stand. */
    boolean endsAtCommit();
}
