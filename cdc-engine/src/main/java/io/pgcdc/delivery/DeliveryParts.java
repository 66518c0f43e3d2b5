package io.pgcdc.delivery;

import io.pgcdc.life.Inbox;
import io.pgcdc.progress.SinkProgress;
import io.pgcdc.queue.Layouts;
import io.pgcdc.sink.Sink;
import io.pgcdc.sink.SourceId;
import io.pgcdc.view.Route;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The parts of the delivery to one sink.
 *
 * @param name of the sink
 * @param again makes the sink anew after it failed permanently
 * @param source of the changes
 * @param deadLetters null: a change that the target refuses is an error
 * @param tailer begins at the index that {@code progress} names
 * @param inbox requests of other threads to the sink's thread
 */
public record DeliveryParts(
        String name,
        Sink sink,
        Supplier<Sink> again,
        SourceId source,
        DeliveryConfig config,
        Route route,
        @Nullable DeadLetters deadLetters,
        Tailer tailer,
        Layouts layouts,
        SinkProgress progress,
        SinkRewind rewind,
        SinkReplay replay,
        Inbox<SinkRequest> inbox) {}
