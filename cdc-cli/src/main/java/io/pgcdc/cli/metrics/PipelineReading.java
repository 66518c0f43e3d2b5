package io.pgcdc.cli.metrics;

import io.pgcdc.pipeline.Pipeline;
import io.pgcdc.pipeline.PipelineBacklog;
import io.pgcdc.pipeline.PipelineBacklog.SinkBacklog;
import io.pgcdc.pipeline.PipelineStatus;
import io.pgcdc.pipeline.PipelineStatus.SinkStatus;
import io.pgcdc.pipeline.SlotStatus;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** A pipeline's numbers. All meters that are read within a second share one look at the pipeline. Any thread. */
final class PipelineReading {

    private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(900);

    private final Pipeline pipeline;
    private @Nullable PipelineStatus status;
    private @Nullable PipelineBacklog backlog;
    private @Nullable SlotStatus slot;
    private long readNanos;

    PipelineReading(Pipeline pipeline) {
        this.pipeline = pipeline;
    }

    private synchronized PipelineStatus look() {
        PipelineStatus now = status;
        if (now == null || System.nanoTime() - readNanos > FRESH_NANOS) {
            now = pipeline.status();
            status = now;
            backlog = pipeline.backlog();
            slot = pipeline.slot();
            readNanos = System.nanoTime();
        }
        return now;
    }

    double pipeline(ToDoubleFunction<PipelineStatus> value) {
        return value.applyAsDouble(look());
    }

    /** Returns NaN before the stream. */
    double source(ToDoubleFunction<PipelineStatus.Source> value) {
        PipelineStatus.Source source = look().source();
        return source == null ? Double.NaN : value.applyAsDouble(source);
    }

    /** Returns NaN before the server has told of the slot, and for a null. */
    synchronized double slot(Function<SlotStatus, @Nullable Number> value) {
        look();
        Number number = slot == null || slot.readAt() == null ? null : value.apply(slot);
        return number == null ? Double.NaN : number.doubleValue();
    }

    /** Returns NaN while the queue is not open. */
    synchronized double queue(ToDoubleFunction<PipelineBacklog.Queue> value) {
        look();
        return backlog == null ? Double.NaN : value.applyAsDouble(backlog.queue());
    }

    double sink(String name, ToDoubleFunction<SinkStatus> value) {
        return look().sinks().stream()
                .filter(sink -> sink.name().equals(name))
                .mapToDouble(value)
                .findFirst()
                .orElse(Double.NaN);
    }

    /** Returns NaN if it is not known. */
    synchronized double backlog(String name, ToDoubleFunction<SinkBacklog> value) {
        look();
        SinkBacklog held = backlog == null ? null : backlog.sinks().get(name);
        return held == null ? Double.NaN : value.applyAsDouble(held);
    }
}
