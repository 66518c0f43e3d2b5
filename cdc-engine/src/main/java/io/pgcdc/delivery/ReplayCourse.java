package io.pgcdc.delivery;

import io.pgcdc.model.Position;
import io.pgcdc.model.Relation;
import io.pgcdc.progress.SinkProgress;
import io.pgcdc.queue.Layouts;
import io.pgcdc.queue.RelationVersionFrame;
import io.pgcdc.queue.ReplayState;
import io.pgcdc.queue.SegmentBuilder;
import io.pgcdc.queue.SegmentHeader;
import io.pgcdc.queue.SegmentKind;
import io.pgcdc.queue.SegmentView;
import io.pgcdc.view.Route;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How far a sink's replay is. The sink's thread. */
final class ReplayCourse {

    private static final byte TRUNCATE = 'T';

    private final SinkProgress progress;
    private final SegmentBatch batch;
    private @Nullable ReplayFilter filter;
    private boolean over;

    /** Continues the replay of the checkpoint, if there is one. */
    ReplayCourse(SinkProgress progress, SegmentBatch batch) {
        this.progress = progress;
        this.batch = batch;
        restart();
    }

    /** Continues at the checkpoint, in the replay that it holds, if there is one. */
    void restart() {
        over = false;
        ReplayState replay = progress.replay();
        filter = replay == null ? null : ReplayFilter.of(replay);
        batch.replay(filter);
    }

    boolean isRunning() {
        return filter != null;
    }

    /** Returns true if the sink has the last change of the replay, perhaps not durably. */
    boolean isOver() {
        return over;
    }

    /** Notes that no change of the replay follows. */
    void end() {
        over = isRunning();
    }

    /** Notes that the sink got all up to the position. */
    void delivered(Position position) {
        ReplayState replay = progress.replay();
        if (replay != null && position.compareTo(replay.until()) >= 0) {
            over = true;
        }
    }

    /** Returns true if the replay ends before the segment. */
    boolean endsBefore(SegmentHeader header) {
        ReplayFilter running = filter;
        return running != null && running.isAfter(header.epoch(), header.firstCommitLsn(), header.firstOrdinal());
    }

    /** Returns true if the sink must empty tables first. */
    boolean mustEmpty() {
        ReplayState replay = progress.replay();
        return replay != null && !replay.toEmpty().isEmpty();
    }

    /** Returns a batch that empties them all: one TRUNCATE, before the first change of the replay. */
    SegmentBatch truncation(Layouts layouts, Route route) {
        ReplayState replay = progress.replay();
        if (replay == null) {
            throw new IllegalStateException("no replay is running");
        }
        SegmentView segment = new SegmentView();
        List<Relation> tables =
                replay.toEmpty().stream().map(layouts::byVersion).toList();
        load(segment, replay.after(), tables);
        return new SegmentBatch(segment, layouts::byVersion, route, null, false);
    }

    private static void load(SegmentView into, Position at, List<Relation> tables) {
        long lsn = at.commitLsn() - 1; // a sink may pass over what is not after it
        SegmentBuilder builder = new SegmentBuilder();
        builder.begin();
        byte[] scratch = new byte[RelationVersionFrame.LENGTH];
        ByteBuffer truncate = ByteBuffer.allocate(1 + Integer.BYTES + 1 + Integer.BYTES * tables.size());
        truncate.put(TRUNCATE).putInt(tables.size()).put((byte) 0);
        for (Relation table : tables) {
            RelationVersionFrame.add(builder, lsn, table.oid(), table.version(), scratch);
            truncate.putInt(table.oid());
        }
        builder.addFrame(lsn, truncate.array(), 0, truncate.capacity());
        builder.epoch(at.epoch());
        builder.firstCommitLsn(lsn);
        builder.lastCommitLsn(lsn);
        builder.firstOrdinal(0);
        builder.changeCount(tables.size());
        builder.seal(SegmentKind.TRANSACTIONS);
        into.load(builder.array(), 0, builder.sealedLength(), "in memory");
    }
}
