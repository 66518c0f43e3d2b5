package io.pgcdc.delivery;

import io.pgcdc.model.Position;

/** Requests of other threads to a sink's loop. */
public sealed interface SinkRequest {

    /** Stops taking batches and calling the sink, until {@link Resume}. */
    record Pause() implements SinkRequest {}

    /** Continues after {@link Pause}. */
    record Resume() implements SinkRequest {}

    /**
     * Delivers all changes after a position again.
     *
     * @param position that the sink has reached
     */
    record Rewind(Position position) implements SinkRequest {}
}
