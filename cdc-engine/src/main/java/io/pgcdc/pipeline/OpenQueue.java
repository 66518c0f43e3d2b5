package io.pgcdc.pipeline;

import io.pgcdc.config.PipelineConfig;
import io.pgcdc.model.Lsn;
import io.pgcdc.queue.CaptureCheckpoint;
import io.pgcdc.queue.CheckpointFile;
import io.pgcdc.queue.ChronicleSegmentStore;
import io.pgcdc.queue.QueueDirectory;
import io.pgcdc.queue.RelationStore;
import io.pgcdc.queue.SegmentKind;
import io.pgcdc.queue.SegmentStore;
import io.pgcdc.queue.SinkCheckpoint;
import io.pgcdc.queue.TransactionScan;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The queue of one source, opened, and where it stands. The thread that starts the pipeline. */
final class OpenQueue {

    /** History has never forked for this queue. */
    static final int EPOCH = 0;

    private final QueueDirectory directory;
    private final Closing closing;
    private final CheckpointFile<CaptureCheckpoint> checkpoint;
    private final SegmentStore store;
    private final RelationStore relations;
    private final QueueProgress progress;
    private final List<SinkProgress> sinks = new ArrayList<>();
    private final long lastCommitLsn;
    private final long lastMessageLsn;
    private long acknowledgedLsn;

    private OpenQueue(QueueDirectory directory, PipelineConfig config, Closing closing) {
        this.directory = directory;
        this.closing = closing;
        checkpoint = closing.add(CheckpointFile.open(directory.captureCheckpoint(), CaptureCheckpoint.LAYOUT));
        CaptureCheckpoint last = checkpoint.current();
        if (last == null) {
            last = new CaptureCheckpoint(SegmentStore.NONE, EPOCH, Lsn.INVALID, Lsn.INVALID, Lsn.INVALID);
        }
        store = closing.add(
                ChronicleSegmentStore.open(directory.segments(), config.queue().fileBytes(), last.index()));
        relations = closing.add(RelationStore.open(directory.relations()));
        acknowledgedLsn = last.acknowledgedLsn();
        TransactionScan.@Nullable End end = TransactionScan.lastComplete(store, last.index());
        if (end == null) {
            lastCommitLsn = last.commitLsn();
            lastMessageLsn = last.commitLsn();
            progress = new QueueProgress(new QueueProgress.Mark(last.index(), last.commitLsn(), last.endLsn()));
        } else {
            boolean message = end.kind() == SegmentKind.MESSAGE;
            // all that committed before a stored message is stored; at the same LSN a transaction comes after it
            lastCommitLsn = message ? Lsn.max(last.commitLsn(), end.commitLsn() - 1) : end.commitLsn();
            lastMessageLsn = end.commitLsn();
            progress = new QueueProgress(
                    new QueueProgress.Mark(end.index(), lastCommitLsn, Lsn.max(last.endLsn(), end.endLsn())));
        }
    }

    static OpenQueue open(QueueDirectory directory, PipelineConfig config, Closing closing) {
        return new OpenQueue(directory, config, closing);
    }

    /** Nothing was ever captured into it: its first start was cut short. */
    boolean isNew() {
        return checkpoint.current() == null && store.lastIndex() == SegmentStore.NONE;
    }

    /** On the first start the slot's own position is adopted, and recorded. */
    void startFrom(long slotLsn) {
        if (checkpoint.current() == null) {
            acknowledgedLsn = slotLsn;
            checkpoint.write(
                    new CaptureCheckpoint(SegmentStore.NONE, EPOCH, Lsn.INVALID, Lsn.INVALID, acknowledgedLsn));
        }
    }

    /** Opens, or begins, a sink's checkpoint. */
    SinkProgress addSink(String name) {
        SinkProgress sink = closing.add(new SinkProgress(
                CheckpointFile.open(directory.sinkCheckpoint(name), SinkCheckpoint.LAYOUT), acknowledgedLsn));
        sinks.add(sink);
        return sink;
    }

    CaptureState captureState() {
        return new CaptureState(checkpoint, store, progress, sinks, EPOCH);
    }

    List<SinkProgress> sinks() {
        return sinks;
    }

    SegmentStore store() {
        return store;
    }

    RelationStore relations() {
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

    long acknowledgedLsn() {
        return acknowledgedLsn;
    }

    /** Where the stream goes on: everything that committed before it is in the queue, or was acknowledged. */
    long resumeLsn() {
        return Lsn.max(acknowledgedLsn, progress.durableMark().endLsn());
    }
}
