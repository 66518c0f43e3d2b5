package io.pgcdc.cli.jmx;

import io.pgcdc.pipeline.PipelineBacklog.SinkBacklog;
import io.pgcdc.pipeline.PipelineStatus.SinkStatus;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A sink, as a row of a table. Its getters are the row's columns. */
public final class SinkRow {

    private static final long UNKNOWN = -1;

    private final SinkStatus sink;
    private final @Nullable SinkBacklog backlog;

    SinkRow(SinkStatus sink, @Nullable SinkBacklog backlog) {
        this.sink = sink;
        this.backlog = backlog;
    }

    public String getName() {
        return sink.name();
    }

    public String getState() {
        return sink.state().name().toLowerCase(Locale.ROOT);
    }

    /** Returns the last change that is durable in the sink; empty: none. */
    public String getPosition() {
        return sink.position() == null ? "" : sink.position().toString();
    }

    public long getChanges() {
        return sink.taken().changes();
    }

    public long getRetries() {
        return sink.retries();
    }

    /** Returns the changes in the queue that the sink lacks; -1: not known. */
    public long getLagChanges() {
        return backlog == null ? UNKNOWN : backlog.changes();
    }

    /** Returns the age of the oldest change that the sink lacks; 0: it lacks none; -1: not known. */
    public double getLagSeconds() {
        return backlog == null ? UNKNOWN : backlog.lagSeconds(Instant.now());
    }
}
