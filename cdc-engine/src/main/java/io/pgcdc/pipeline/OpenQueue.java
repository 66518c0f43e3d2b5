package io.pgcdc.pipeline;

import io.pgcdc.delivery.PositionLookup;
import io.pgcdc.delivery.StartFrom;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import io.pgcdc.error.SourceException;
import io.pgcdc.life.Clock;
import io.pgcdc.life.Closing;
import io.pgcdc.model.Lsn;
import io.pgcdc.model.Position;
import io.pgcdc.progress.CaptureState;
import io.pgcdc.progress.QueueProgress;
import io.pgcdc.progress.QueueRetention;
import io.pgcdc.progress.SinkProgress;
import io.pgcdc.queue.BeginAnew;
import io.pgcdc.queue.CaptureCheckpoint;
import io.pgcdc.queue.Checkpoint;
import io.pgcdc.queue.Layouts;
import io.pgcdc.queue.QueueStorage;
import io.pgcdc.queue.SegmentKind;
import io.pgcdc.queue.SegmentStore;
import io.pgcdc.queue.SinkCheckpoint;
import io.pgcdc.queue.TransactionScan;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The open queue of one source. Finds where the queue ends. Belongs to the thread that starts the pipeline. */
final class OpenQueue {

    private static final Logger LOG = LoggerFactory.getLogger(OpenQueue.class);

    private final QueueStorage storage;
    private final Clock clock;
    private final Closing closing;
    private final Checkpoint<CaptureCheckpoint> checkpoint;
    private final SegmentStore store;
    private final Layouts relations;
    private final Map<String, SinkProgress> sinks = new LinkedHashMap<>();
    private final QueueRetention retention;
    private QueueProgress progress;
    private int epoch;
    private long lastCommitLsn;
    private long lastMessageLsn;

    /** The last rows of a snapshot in the queue; null: none since its last checkpoint. */
    private TransactionScan.@Nullable Reads reads;

    /** End of the server's WAL. Before {@link #walEndsAt}, the greatest unsigned LSN. */
    private long walEndLsn = -1;

    private OpenQueue(QueueStorage storage, PipelineConfig config, Closing closing, Clock clock) {
        this.storage = storage;
        this.clock = clock;
        this.closing = closing;
        checkpoint = closing.add(storage.captureCheckpoint());
        store = closing.add(storage.segments(config.queue().fileBytes(), last().index()));
        if (checkpoint.current() == null && store.lastIndex() != SegmentStore.NONE) {
            throw new QueueException(
                    ErrorCode.QUEUE_DAMAGED,
                    "the queue has changes, and no checkpoint of capture, which is written before the first of them: the directory"
                            + " checkpoints, or a file in it, is gone; "
                            + config.queue().dir() + BeginAnew.REMEDY);
        }
        retention = new QueueRetention(store);
        relations = closing.add(storage.relations());
        progress = findEnd();
    }

    private CaptureCheckpoint last() {
        CaptureCheckpoint last = checkpoint.current();
        return last == null ? new CaptureCheckpoint(SegmentStore.NONE, 0, Lsn.INVALID, Lsn.INVALID, Lsn.INVALID) : last;
    }

    /** Finds the queue's end, which may be after its last checkpoint. Sets epoch, lastCommitLsn, lastMessageLsn and reads. */
    private QueueProgress findEnd() {
        CaptureCheckpoint last = last();
        epoch = last.epoch();
        TransactionScan.@Nullable End end = TransactionScan.lastComplete(store, last.index());
        // LSNs of different epochs cannot be compared
        TransactionScan.@Nullable End here = end != null && end.epoch() == epoch ? end : null;
        TransactionScan.@Nullable Commit commit = here == null ? null : here.commit();
        reads = here == null ? null : here.reads();
        long endLsn = last.endLsn();
        if (commit == null) {
            lastCommitLsn = last.commitLsn();
            lastMessageLsn = Lsn.max(last.commitLsn(), last.endLsn());
        } else {
            // every transaction that committed before a stored message is stored; a transaction at the message's own
            // LSN comes after the message, so it may be missing
            boolean message = commit.kind() == SegmentKind.MESSAGE;
            lastCommitLsn = message ? Lsn.max(last.commitLsn(), commit.lsn() - 1) : commit.lsn();
            lastMessageLsn = commit.lsn();
            endLsn = Lsn.max(endLsn, commit.endLsn());
        }
        return new QueueProgress(
                new QueueProgress.Mark(end == null ? last.index() : end.index(), lastCommitLsn, endLsn),
                storage.custody() != null);
    }

    static OpenQueue open(QueueStorage storage, PipelineConfig config, Closing closing, Clock clock) {
        return new OpenQueue(storage, config, closing, clock);
    }

    /** Returns true if the queue has neither a checkpoint nor a segment: its first start is running, or was interrupted. */
    boolean isNew() {
        return checkpoint.current() == null && store.lastIndex() == SegmentStore.NONE;
    }

    /**
     * Records the slot's position as the queue's beginning, if this is the first start. Call it before you add the first sink.
     *
     * @param firstEpoch the latest epoch in the sinks' positions; 0 if no sink has one
     */
    void startFrom(long slotLsn, int firstEpoch) {
        if (checkpoint.current() == null) {
            checkpoint.write(new CaptureCheckpoint(SegmentStore.NONE, firstEpoch, Lsn.INVALID, Lsn.INVALID, slotLsn));
            epoch = firstEpoch;
        }
    }

    /**
     * Records a gap that a person accepted: the queue lacks changes, or the server lost changes that the queue has. The stream then
     * continues at the slot's position. Call it before you add the first sink.
     *
     * @param overruled the error that names the gap
     * @param forked true if the server's LSNs belong to another history: a new epoch begins
     * @param timeline of the server
     */
    void acceptGap(SourceException overruled, boolean forked, int timeline, long slotLsn) {
        QueueProgress.Mark mark = progress.durableMark();
        int next = forked ? epoch + 1 : epoch;
        LOG.warn(
                "{} Accepted by --accept-gap: continuing at {} in epoch {}. The sinks lack what changed in the gap:"
                        + " cdc snapshot --all-tables --reconcile reads the rows again, and deletes those that are gone.",
                overruled.describe(),
                Lsn.toString(slotLsn),
                next);
        storage.gaps()
                .add(
                        Instant.now(),
                        resumeLsn(),
                        slotLsn,
                        next,
                        timeline,
                        overruled.code().toString());
        checkpoint.write(new CaptureCheckpoint(
                mark.index(),
                next,
                forked ? Lsn.INVALID : mark.commitLsn(),
                forked ? Lsn.INVALID : mark.endLsn(),
                slotLsn));
        checkpoint.force();
        progress = findEnd();
    }

    /** Returns the index of capture's checkpoint. */
    long checkpointIndex() {
        return last().index();
    }

    /** Sets where the server's flushed WAL ends. Call it before you add the first sink. */
    void walEndsAt(long lsn) {
        walEndLsn = lsn;
    }

    /**
     * Opens a sink's checkpoint. Sets the checkpoint of a new sink to the place in {@code start}.
     *
     * @param orderRows orders the rows that exist for a sink that begins with them; the order is durable on return
     * @throws SourceException START_BEYOND_WAL: {@code start} is after the end of the server's WAL
     * @throws io.pgcdc.error.QueueException QUEUE_SEGMENT_RELEASED: the queue does not hold the changes after {@code start}
     */
    SinkProgress addSink(String name, StartFrom start, Consumer<String> orderRows) {
        SinkProgress sink = closing.add(new SinkProgress(storage.sinkCheckpoint(name), epoch, clock));
        QueueProgress.Mark mark = progress.durableMark();
        if (sink.isNew() && start.kind() == StartFrom.Kind.SNAPSHOT) {
            // before its place is stored: after a crash in between, it is ordered again
            orderRows.accept(name);
        }
        boolean atEnd = start.kind() == StartFrom.Kind.NOW || start.kind() == StartFrom.Kind.SNAPSHOT;
        if (sink.isNew() && atEnd) {
            long next = mark.index() == SegmentStore.NONE ? SegmentStore.NONE : mark.index() + 1;
            sink.startAt(new SinkCheckpoint(next, new Position(epoch, mark.commitLsn(), 0), mark.endLsn()));
        } else if (sink.isNew() && start.kind() == StartFrom.Kind.POSITION) {
            Position position = Position.parse(start.position());
            requireSent(name, position, epoch, walEndLsn);
            sink.startAt(new PositionLookup(store, mark, resumeLsn())
                    .after(
                            position,
                            "sink \"" + name + "\" starts after " + position,
                            "To continue without the missing changes, write start: beginning."));
            if (position.compareTo(new Position(epoch, mark.commitLsn(), Long.MAX_VALUE)) > 0) {
                LOG.warn(
                        "sink {} starts after {}, but the queue ends before it: the sink does not get the changes up to that position",
                        name,
                        position);
            }
        }
        sinks.put(name, sink);
        retention.add(sink);
        return sink;
    }

    /**
     * Checks that the position is not after the end of the server's WAL. A sink with such a start would skip every new change up to the
     * position, and nobody would notice.
     *
     * @param epoch of the queue
     * @param walEndLsn end of the server's WAL
     * @throws SourceException START_BEYOND_WAL
     */
    static void requireSent(String sink, Position position, int epoch, long walEndLsn) {
        if (position.epoch() > epoch
                || (position.epoch() == epoch && Lsn.compare(position.commitLsn(), walEndLsn) > 0)) {
            throw new SourceException(
                    ErrorCode.START_BEYOND_WAL,
                    "sink \"" + sink + "\" starts after " + position + ", but the server's WAL ends at "
                            + Lsn.toString(walEndLsn) + " in epoch " + epoch
                            + ": the sink would skip every change up to that position."
                            + " Set start to the position of a record from this server, or to now.");
        }
    }

    /**
     * Returns a new writer of capture's checkpoint.
     *
     * @param retainBytes bytes of changes that the queue keeps although every sink has them
     * @param beforeCheckpoint see {@link CaptureState}
     */
    CaptureState captureState(long retainBytes, LongConsumer beforeCheckpoint) {
        return new CaptureState(checkpoint, retention, progress, epoch, retainBytes, beforeCheckpoint);
    }

    /** Returns the object that decides which files the queue must keep. */
    QueueRetention retention() {
        return retention;
    }

    QueueStorage storage() {
        return storage;
    }

    /** Returns the sinks' progress by name, in the order in which the sinks were added. */
    Map<String, SinkProgress> sinks() {
        return sinks;
    }

    SegmentStore store() {
        return store;
    }

    Layouts relations() {
        return relations;
    }

    QueueProgress progress() {
        return progress;
    }

    long lastCommitLsn() {
        return lastCommitLsn;
    }

    long lastMessageLsn() {
        return lastMessageLsn;
    }

    /** Returns the last LSN that was acknowledged to the server. Call it on the capture thread. */
    long acknowledgedLsn() {
        return last().acknowledgedLsn();
    }

    /** Returns the last rows of a snapshot in the queue; null: none that share their LSN with later ones. */
    TransactionScan.@Nullable Reads lastReads() {
        return reads;
    }

    int epoch() {
        return epoch;
    }

    /** Returns the LSN where the stream continues. Every transaction that committed before it is in the queue, or was acknowledged. */
    long resumeLsn() {
        return Lsn.max(acknowledgedLsn(), progress.durableMark().endLsn());
    }
}
