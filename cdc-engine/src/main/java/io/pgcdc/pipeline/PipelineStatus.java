package io.pgcdc.pipeline;

import io.pgcdc.model.Lsn;
import io.pgcdc.model.Position;
import io.pgcdc.snapshot.SnapshotStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The status of a pipeline at one moment. Immutable. The parts are read one after the other while the pipeline runs, so a sink may be ahead
 * of {@code source}.
 *
 * @param name of the pipeline
 * @param source null before the stream starts
 * @param sourceTrouble why the source cannot be read at the moment; null: it can, or nothing has failed
 * @param sinks in the order in which they were added
 * @param snapshots those of this run that are over, the one that is being read, and those that wait, in this order
 */
public record PipelineStatus(
        String name,
        State state,
        @Nullable Source source,
        @Nullable Throwable sourceTrouble,
        List<SinkStatus> sinks,
        List<SnapshotStatus> snapshots) {

    public PipelineStatus {
        sinks = List.copyOf(sinks);
        snapshots = List.copyOf(snapshots);
    }

    /** The state of the pipeline as a whole. */
    public enum State {
        /** {@link Pipeline#run} has not been called. */
        NEW,
        /** It checks and opens source and queue. No change is delivered yet. */
        STARTING,
        /** The stream has started. {@link Source#connected} tells if the connection exists at this moment. */
        RUNNING,
        /** It was told to stop, or it failed. The sinks finish their current batches. */
        STOPPING,
        /** It ended without an error. */
        STOPPED,
        /** It ended with the error that {@link Pipeline#run} threw. */
        FAILED
    }

    /**
     * Progress from the server into the queue. All LSNs are unsigned 64-bit numbers; {@link Lsn#toString(long)} prints them.
     *
     * @param server host, port and database, as messages name them
     * @param connected false while a lost connection is being re-established, and while rows are read before the stream
     * @param paused true if {@link PipelineControl#pauseCapture} paused reading
     * @param walEndLsn end of the server's WAL by its last keepalive; {@link Lsn#INVALID} before the first one
     * @param receivedLsn the greatest LSN received
     * @param durableLsn end of the last commit that the queue has on disk
     * @param captured changes, and rows of snapshots, that went into the queue
     * @param flushLsn the server may forget all WAL before it: {@code confirmed_flush_lsn} of the slot, once the server has received it
     */
    public record Source(
            String server,
            String slot,
            boolean connected,
            boolean paused,
            long walEndLsn,
            long receivedLsn,
            long durableLsn,
            Flow captured,
            long flushLsn) {}

    /**
     * What passed in this run.
     *
     * @param changes all of them
     * @param perSecond average of the last ten seconds
     */
    public record Flow(long changes, double perSecond) {}

    /**
     * How far work in the queue is. Places are bytes of stored changes since an arbitrary point, the same for the whole run: compare them with each
     * other. They move by whole segments, a megabyte at most.
     *
     * @param from where it began
     * @param at where it is, perhaps within a transaction
     * @param to where it ends
     */
    public record Progress(long from, long at, long to) {

        /** Returns the bytes that are left. */
        public long left() {
            return Math.max(0, to - at);
        }
    }

    /** The state of a sink. */
    public enum SinkState {
        /** Its thread has not started. */
        NEW,
        /** It takes changes. */
        RUNNING,
        /** It gets changes again that it had ({@link PipelineControl#replay}). Its new changes wait. */
        REPLAYING,
        /** Its target fails with a temporary error. The same changes are tried again. */
        RETRYING,
        /** {@link PipelineControl#pause} paused it. It takes no changes until you resume it. */
        PAUSED,
        /** It failed permanently. The queue keeps its changes, until {@link PipelineControl#retry} or the next run. */
        FAILED,
        /** It was closed without an error. */
        STOPPED
    }

    /**
     * One sink.
     *
     * @param position the last change that is durable in the sink; null: none
     * @param durableLsn end of that change's commit; {@link Lsn#INVALID}: none in the current epoch
     * @param queue what it took of the queue, durably or not; the queue ends at the last change on disk; null before the stream starts
     * @param replay how far the replay is that it has not finished; null: there is none
     * @param taken changes that it took, with those that its filters left out, and those that it took more than once
     * @param retries calls that failed with a temporary error in this run
     * @param refused changes that its target refused in this run, and that went to the dead letters
     * @param trouble the error that it failed with, or retries after (if paused, after it is resumed); null: it works
     */
    public record SinkStatus(
            String name,
            SinkState state,
            @Nullable Position position,
            long durableLsn,
            @Nullable Progress queue,
            @Nullable Progress replay,
            Flow taken,
            long retries,
            long refused,
            @Nullable Throwable trouble) {

        static SinkStatus notStarted(String name, SinkState state) {
            return new SinkStatus(name, state, null, Lsn.INVALID, null, null, new Flow(0, 0), 0, 0, null);
        }
    }
}
