package io.pgcdc.pipeline;

import io.pgcdc.delivery.PositionLookup;
import io.pgcdc.delivery.StartFrom;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.life.Clock;
import io.pgcdc.life.Closing;
import io.pgcdc.model.Lsn;
import io.pgcdc.model.Position;
import io.pgcdc.progress.CaptureState;
import io.pgcdc.progress.QueueProgress;
import io.pgcdc.progress.Retention;
import io.pgcdc.progress.SinkProgress;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The queue of one source, opened, and where it stands. The thread that starts the pipeline. */
final class OpenQueue {

    private static final Logger LOG = LoggerFactory.getLogger(OpenQueue.class);

    private final QueueStorage storage;
    private final Clock clock;
    private final Closing closing;
    private final Checkpoint<CaptureCheckpoint> checkpoint;
    private final SegmentStore store;
    private final Layouts relations;
    private final Map<String, SinkProgress> sinks = new LinkedHashMap<>();
    private final Retention retention;
    private QueueProgress progress;
    private int epoch;
    private long lastCommitLsn;
    private long lastMessageLsn;

    /** Of the server; as long as it is not known, the greatest. */
    private long walEndLsn = -1;

    private OpenQueue(QueueStorage storage, PipelineConfig config, Closing closing, Clock clock) {
        this.storage = storage;
        this.clock = clock;
        this.closing = closing;
        checkpoint = closing.add(storage.captureCheckpoint());
        store = closing.add(storage.segments(config.queue().fileBytes(), last().index()));
        retention = new Retention(store);
        relations = closing.add(storage.relations());
        progress = findEnd();
    }

    private CaptureCheckpoint last() {
        CaptureCheckpoint last = checkpoint.current();
        return last == null ? new CaptureCheckpoint(SegmentStore.NONE, 0, Lsn.INVALID, Lsn.INVALID, Lsn.INVALID) : last;
    }

    /** Where the queue ends, which may be behind its last checkpoint. */
    private QueueProgress findEnd() {
        CaptureCheckpoint last = last();
        epoch = last.epoch();
        TransactionScan.@Nullable End end = TransactionScan.lastComplete(store, last.index());
        if (end == null || end.epoch() != epoch) {
            // LSNs of an earlier epoch say nothing about this one
            lastCommitLsn = last.commitLsn();
            lastMessageLsn = last.commitLsn();
            return new QueueProgress(
                    new QueueProgress.Mark(end == null ? last.index() : end.index(), last.commitLsn(), last.endLsn()));
        } else {
            boolean message = end.kind() == SegmentKind.MESSAGE;
            // all that committed before a stored message is stored; at the same LSN a transaction comes after it
            lastCommitLsn = message ? Lsn.max(last.commitLsn(), end.commitLsn() - 1) : end.commitLsn();
            lastMessageLsn = end.commitLsn();
            return new QueueProgress(
                    new QueueProgress.Mark(end.index(), lastCommitLsn, Lsn.max(last.endLsn(), end.endLsn())));
        }
    }

    static OpenQueue open(QueueStorage storage, PipelineConfig config, Closing closing, Clock clock) {
        return new OpenQueue(storage, config, closing, clock);
    }

    /** Nothing was ever captured into it: its first start was cut short. */
    boolean isNew() {
        return checkpoint.current() == null && store.lastIndex() == SegmentStore.NONE;
    }

    /**
     * On the first start the slot's own position is adopted, and recorded. To be called before the first sink is added.
     *
     * @param firstEpoch 0, unless sinks know of later ones
     */
    void startFrom(long slotLsn, int firstEpoch) {
        if (checkpoint.current() == null) {
            checkpoint.write(new CaptureCheckpoint(SegmentStore.NONE, firstEpoch, Lsn.INVALID, Lsn.INVALID, slotLsn));
            epoch = firstEpoch;
        }
    }

    /**
     * A person accepted that changes are missing, or that the server lost some that are here: it is written down, and the stream goes
     * on at the slot's position. To be called before the first sink is added.
     *
     * @param overruled the error that says what is missing
     * @param forked the server's LSNs are those of another history: a new epoch begins
     */
    void acceptGap(SourceException overruled, boolean forked, int timeline, long slotLsn) {
        QueueProgress.Mark mark = progress.durableMark();
        int next = forked ? epoch + 1 : epoch;
        LOG.warn(
                "{} Accepted by --accept-gap: going on at {} in epoch {}.",
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

    /** How far the server has flushed its WAL. To be called before the first sink is added. */
    void walEndsAt(long lsn) {
        walEndLsn = lsn;
    }

    /** Opens, or begins, a sink's checkpoint. */
    SinkProgress addSink(String name, StartFrom start) {
        SinkProgress sink = closing.add(new SinkProgress(storage.sinkCheckpoint(name), epoch, clock));
        QueueProgress.Mark mark = progress.durableMark();
        if (sink.isNew() && start.kind() == StartFrom.Kind.NOW) {
            long next = mark.index() == SegmentStore.NONE ? SegmentStore.NONE : mark.index() + 1;
            sink.startAt(new SinkCheckpoint(next, new Position(epoch, mark.commitLsn(), 0), mark.endLsn()));
        } else if (sink.isNew() && start.kind() == StartFrom.Kind.POSITION) {
            Position position = Position.parse(start.position());
            requireSent(name, position, epoch, walEndLsn);
            sink.startAt(new PositionLookup(store, mark, resumeLsn())
                    .after(
                            position,
                            "sink \"" + name + "\" starts after " + position,
                            "To do without those in between, write start: beginning."));
            if (position.compareTo(new Position(epoch, mark.commitLsn(), Long.MAX_VALUE)) > 0) {
                LOG.warn(
                        "sink {} starts after {}, which the queue has not reached yet: what comes up to there is left out for it",
                        name,
                        position);
            }
        }
        sinks.put(name, sink);
        retention.add(sink);
        return sink;
    }

    /**
     * Checks that the server can have sent the position: all that comes up to it is left out for the sink, and nobody would notice.
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
                            + ": every change up to there would be skipped."
                            + " Write under start the position of a record from this server, or now.");
        }
    }

    /** @param retainBytes of what every sink has */
    CaptureState captureState(long retainBytes) {
        return new CaptureState(checkpoint, retention, progress, epoch, retainBytes);
    }

    /** Deletes its files, or keeps them. */
    Retention retention() {
        return retention;
    }

    QueueStorage storage() {
        return storage;
    }

    /** By name, in the order in which they were added. */
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

    /** What the server was told last. Capture thread. */
    long acknowledgedLsn() {
        return last().acknowledgedLsn();
    }

    int epoch() {
        return epoch;
    }

    /** Where the stream goes on: everything that committed before it is in the queue, or was acknowledged. */
    long resumeLsn() {
        return Lsn.max(acknowledgedLsn(), progress.durableMark().endLsn());
    }
}
