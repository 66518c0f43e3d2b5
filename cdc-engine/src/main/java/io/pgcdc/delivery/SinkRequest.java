package io.pgcdc.delivery;

import io.pgcdc.model.Position;

/** A request of another thread to a sink's loop. */
public sealed interface SinkRequest {

    /** Takes no more batches, and calls the sink no more, until {@link Resume}. */
    record Pause() implements SinkRequest {}

    /** Goes on after {@link Pause}. */
    record Resume() implements SinkRequest {}

    /**
     * Gets all changes again that come after a position.
     *
     * @param position that the sink has reached
     */
    record Rewind(Position position) implements SinkRequest {}
}
