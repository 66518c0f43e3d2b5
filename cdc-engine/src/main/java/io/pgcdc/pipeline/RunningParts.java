package io.pgcdc.pipeline;

import io.pgcdc.address.ServerAddress;
import io.pgcdc.capture.Capture;
import io.pgcdc.catalog.CatalogConnection;
import io.pgcdc.catalog.SlotUpkeep;
import io.pgcdc.pipeline.PipelineStatus.Flow;
import io.pgcdc.pipeline.PipelineStatus.Progress;
import io.pgcdc.pipeline.PipelineStatus.SinkState;
import io.pgcdc.pipeline.PipelineStatus.SinkStatus;
import io.pgcdc.progress.Acknowledgement;
import io.pgcdc.progress.Meter;
import io.pgcdc.progress.QueueProgress;
import io.pgcdc.progress.ReplayProgress;
import io.pgcdc.progress.SinkProgress;
import io.pgcdc.snapshot.Snapshots;
import io.pgcdc.source.SourceConfig;
import java.util.Map;
import java.util.function.LongUnaryOperator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a run that other threads may read, also after the run. Any thread.
 *
 * @param places returns the place of an index in the queue, in bytes
 */
record RunningParts(
        SourceConfig source,
        Supplier<ServerAddress> host,
        Capture capture,
        Acknowledgement acknowledgement,
        QueueProgress queue,
        Map<String, SinkProgress> sinks,
        Snapshots snapshots,
        LongUnaryOperator places) {

    RunningParts {
        sinks = Map.copyOf(sinks);
    }

    PipelineStatus.Source sourceStatus() {
        return new PipelineStatus.Source(
                host.get().describe(),
                source.slot(),
                capture.connected(),
                capture.isPaused(),
                capture.walEndLsn(),
                acknowledgement.seenReceivedLsn(),
                queue.durableMark().endLsn(),
                flow(queue.captured()),
                acknowledgement.seenFlushLsn());
    }

    SinkStatus sinkStatus(String name, boolean ended) {
        SinkProgress sink = sinks.get(name);
        if (sink == null) {
            throw new IllegalArgumentException("no sink " + name);
        }
        Throwable trouble = sink.trouble();
        SinkState state = SinkState.RUNNING;
        if (sink.hasFailed()) {
            state = SinkState.FAILED;
        } else if (ended) {
            state = SinkState.STOPPED;
        } else if (sink.isPaused()) {
            state = SinkState.PAUSED;
        } else if (trouble != null) {
            state = SinkState.RETRYING;
        } else if (sink.isReplaying()) {
            state = SinkState.REPLAYING;
        }
        return new SinkStatus(
                name,
                state,
                sink.durable(),
                sink.durableEndLsn(),
                new Progress(
                        place(sink.startIndex()),
                        place(sink.reachedIndex()),
                        place(queue.durableMark().index())),
                replay(sink),
                flow(sink.changes()),
                sink.retries(),
                sink.refusals(),
                trouble);
    }

    private @Nullable Progress replay(SinkProgress sink) {
        ReplayProgress replay = sink.replayProgress();
        return replay == null
                ? null
                : new Progress(place(replay.firstIndex()), place(replay.reachedIndex()), place(replay.lastIndex()));
    }

    private long place(long index) {
        return places.applyAsLong(index);
    }

    private static Flow flow(Meter meter) {
        return new Flow(meter.total(), meter.perSecond());
    }

    /** Makes the run stop when all changes that the server holds now are delivered and acknowledged. Queries the server. */
    void finishAtEndOfWal() {
        try (CatalogConnection catalog = Pipeline.catalog(host.get(), source)) {
            capture.finishAt(new SlotUpkeep(catalog).currentFlushLsn());
        }
    }
}
