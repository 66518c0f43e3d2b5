package io.pgcdc.pipeline;

import io.pgcdc.model.Lsn;
import io.pgcdc.model.Position;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a pipeline stands, at one moment. It does not change after it was made. The parts are read one after the other, while the
 * pipeline goes on: a sink may be further than {@code source} says.
 *
 * @param name of the pipeline
 * @param source null as long as the stream has not started
 * @param sinks in the order in which they were added
 */
public record PipelineStatus(
        String name, State state, @Nullable Source source, List<SinkStatus> sinks) {

    public PipelineStatus {
        sinks = List.copyOf(sinks);
    }

    /** The state of the pipeline as a whole. */
    public enum State {
        /** {@link Pipeline#run} was not called yet. */
        NEW,
        /** It checks and opens what it needs; nothing is delivered yet. */
        STARTING,
        /** The stream has started. {@link Source#connected} says whether the server is there just now. */
        RUNNING,
        /** A stop was asked for, or something failed; what is at hand is finished. */
        STOPPING,
        /** It ended in order. */
        STOPPED,
        /** It ended with the error that {@link Pipeline#run} threw. */
        FAILED
    }

    /**
     * Progress from the server into the queue. All LSNs are unsigned 64-bit numbers; {@link Lsn#toString(long)} prints them.
     *
     * @param server host, port and database, as messages name them
     * @param connected false while a lost connection is being re-established
     * @param paused reading is paused by {@link PipelineControl#pauseCapture}
     * @param walEndLsn end of the server's WAL as it said last; {@link Lsn#INVALID}: it said nothing yet
     * @param receivedLsn how far the stream was received
     * @param durableLsn end of the last commit that the queue has on disk
     * @param flushLsn what the server may forget: {@code confirmed_flush_lsn} of the slot, once the server has received it
     */
    public record Source(
            String server,
            String slot,
            boolean connected,
            boolean paused,
            long walEndLsn,
            long receivedLsn,
            long durableLsn,
            long flushLsn) {}

    /** The state of a sink. */
    public enum SinkState {
        /** Its thread has not started. */
        NEW,
        /** It takes what comes. */
        RUNNING,
        /** Its target fails in a way that may pass; the same changes are tried again. */
        RETRYING,
        /** {@link PipelineControl#pause} was asked for: it takes no more until it is resumed. */
        PAUSED,
        /** It takes no more in this run; what follows is kept for it. */
        FAILED,
        /** It was closed, in order. */
        STOPPED
    }

    /**
     * One sink.
     *
     * @param position the last change that it has durably; null: none
     * @param durableLsn end of that change's commit; {@link Lsn#INVALID}: none in the current epoch
     * @param trouble why it tries again, will try again once it is resumed, or failed; null: it works
     */
    public record SinkStatus(
            String name,
            SinkState state,
            @Nullable Position position,
            long durableLsn,
            @Nullable Throwable trouble) {}
}
