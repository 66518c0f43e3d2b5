package io.pgcdc.pipeline;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a pipeline's queue holds at one moment, and for whom. Immutable.
 *
 * @param queue the queue as a whole
 * @param sinks by name; a sink that the queue could not be read for is missing
 */
public record PipelineBacklog(Queue queue, Map<String, SinkBacklog> sinks) {

    public PipelineBacklog {
        sinks = Map.copyOf(sinks);
    }

    /**
     * The queue.
     *
     * @param bytes of the changes in it
     * @param freeBytes on its disk
     * @param slowest the sink that needs the oldest changes; null: no sink is behind
     */
    public record Queue(
            Path directory,
            long bytes,
            long freeBytes,
            @Nullable String slowest) {}

    /**
     * What the queue holds for one sink.
     *
     * @param changes in the queue that are not durable in the sink; those that its filters leave out included
     * @param walBytes of the server's WAL between the sink's last change and the queue's last; null: the sink has no change of this epoch
     * @param oldest commit time of the oldest of these changes, by the server's clock; null: there is none
     */
    public record SinkBacklog(
            long changes, @Nullable Long walBytes, @Nullable Instant oldest) {

        private static final double MILLI = 1e3;

        /** Returns the age of the oldest change in seconds; 0: there is none, or the server's clock is ahead. */
        public double lagSeconds(Instant now) {
            return oldest == null
                    ? 0
                    : Math.max(0, Duration.between(oldest, now).toMillis()) / MILLI;
        }
    }
}
