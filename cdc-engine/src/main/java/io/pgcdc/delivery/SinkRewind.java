package io.pgcdc.delivery;

import io.pgcdc.error.CdcException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.life.Inbox.Refusal;
import io.pgcdc.model.Position;
import io.pgcdc.progress.QueueProgress;
import io.pgcdc.progress.QueueRetention;
import io.pgcdc.progress.SinkProgress;
import io.pgcdc.queue.SegmentStore;
import io.pgcdc.queue.SinkCheckpoint;

/** Moves a sink's checkpoint back, if the queue still holds the changes after it. The sink's thread. */
public final class SinkRewind {

    private final String sink;
    private final SegmentStore store;
    private final QueueRetention retention;
    private final QueueProgress queue;
    private final SinkProgress progress;

    public SinkRewind(
            String sink, SegmentStore store, QueueRetention retention, QueueProgress queue, SinkProgress progress) {
        this.sink = sink;
        this.store = store;
        this.retention = retention;
        this.queue = queue;
        this.progress = progress;
    }

    /**
     * Moves the checkpoint to the position, durably. Call it only when all changes that the sink accepted are durable.
     *
     * @throws Refusal REWIND_REFUSED: the sink has not reached the position; QUEUE_SEGMENT_RELEASED: the queue does not hold the changes after
     *     it. The checkpoint is then unchanged
     */
    void to(Position position) throws Refusal {
        Position has = progress.confirmed();
        if (has == null || position.compareTo(has) > 0) {
            throw new Refusal(new SinkException(
                    ErrorCode.REWIND_REFUSED,
                    "sink \"" + sink + "\" cannot go back to " + position + ": it has "
                            + (has == null ? "no changes yet" : "only changes up to " + has)
                            + ". Name the position of a change that it has."));
        }
        retention.hold(progress);
        SinkCheckpoint place;
        try {
            QueueProgress.Mark end = queue.durableMark();
            place = new PositionLookup(store, end, end.endLsn())
                    .after(
                            position,
                            "sink \"" + sink + "\" cannot go back to " + position,
                            "Name a later position. To keep more changes in future, raise queue.retain_bytes.");
        } catch (CdcException e) {
            progress.force(); // ends the hold
            throw new Refusal(e);
        }
        progress.goBackTo(place);
    }
}
