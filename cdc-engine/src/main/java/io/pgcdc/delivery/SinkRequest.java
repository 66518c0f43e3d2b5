package io.pgcdc.delivery;

import io.pgcdc.model.Position;
import java.util.function.Consumer;

/** Requests of other threads to a sink's loop. */
public sealed interface SinkRequest {

    /** Stops taking batches and calling the sink, until {@link Resume}. */
    record Pause() implements SinkRequest {}

    /** Continues after {@link Pause}. */
    record Resume() implements SinkRequest {}

    /** Starts a sink again that has failed permanently. Ends the pause of one whose target fails. */
    record Retry() implements SinkRequest {}

    /**
     * Delivers all changes after a position again.
     *
     * @param position that the sink has reached
     */
    record Rewind(Position position) implements SinkRequest {}

    /**
     * Delivers changes again, then continues where the sink was.
     *
     * @param begin false: only works the replay out
     * @param told gets the replay, on the sink's thread, before the request is done
     */
    record Replay(ReplayRequest request, boolean begin, Consumer<ReplayPlan> told) implements SinkRequest {}

    /** Ends a replay: the sink continues where it was before. */
    record CancelReplay() implements SinkRequest {}
}
