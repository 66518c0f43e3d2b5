package io.pgcdc.sink;

import io.pgcdc.model.Change;
import io.pgcdc.model.Position;
import java.util.function.Consumer;

/**
 * The changes of one {@link Sink#write}, in order: whole transactions, or a part of one that is too large for a batch. Empty if
 * routing dropped all of them. You may walk a batch several times until {@code write} returns; each walk gives the same changes.
 */
public interface Batch {

    /** Passes each change to the consumer, in order. The {@link Change} is a flyweight, valid only within that call. */
    void forEach(Consumer<? super Change> consumer);

    /** Returns the largest possible number of changes. {@link #forEach} passes fewer if routing drops some. */
    int count();

    /** Returns the position of the last change, including dropped ones. */
    Position lastPosition();

    /** Returns whether that change is the last of its transaction. Only there can a position become durable. */
    boolean endsAtCommit();
}
