package io.pgcdc.pipeline;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import io.pgcdc.error.SourceException;
import io.pgcdc.model.Lsn;
import io.pgcdc.model.Position;
import io.pgcdc.progress.QueueProgress;
import io.pgcdc.queue.SegmentHeader;
import io.pgcdc.queue.SegmentKind;
import io.pgcdc.queue.SegmentReader;
import io.pgcdc.queue.SegmentStore;
import io.pgcdc.queue.SinkCheckpoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds where in the queue the changes behind a position begin. The thread that starts the pipeline. */
final class StartPlace {

    private static final Logger LOG = LoggerFactory.getLogger(StartPlace.class);

    private final SegmentStore store;
    private final QueueProgress.Mark end;
    private final long resumeLsn;
    private final SegmentHeader header = new SegmentHeader();

    /**
     * Looks at nothing yet.
     *
     * @param end of the queue
     * @param resumeLsn where the stream goes on
     */
    StartPlace(SegmentStore store, QueueProgress.Mark end, long resumeLsn) {
        this.store = store;
        this.end = end;
        this.resumeLsn = resumeLsn;
    }

    /**
     * Checks that the server can have sent the position: all that comes up to it is left out for the sink, and nobody would notice.
     *
     * @param epoch of the queue
     * @param walEndLsn end of the server's WAL
     * @throws SourceException START_BEYOND_WAL
     */
    static void requireReached(String sink, Position position, int epoch, long walEndLsn) {
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

    /**
     * The checkpoint of a sink that has everything up to the position. Its segment may hold earlier changes, too, which are to be left
     * out.
     *
     * @throws QueueException QUEUE_SEGMENT_RELEASED when the queue begins behind the position
     */
    SinkCheckpoint behind(String sink, Position position) {
        long endLsn = Lsn.INVALID;
        long firstPart = SegmentStore.NONE;
        boolean isFirst = true;
        try (SegmentReader reader = store.reader(SegmentStore.NONE)) {
            while (reader.nextHeader(header)) {
                if (isFirst) {
                    requireHeld(sink, position);
                    isFirst = false;
                }
                if (header.kind().begins()) {
                    firstPart = reader.index();
                }
                if (holdsLater(position)) {
                    return new SinkCheckpoint(firstPart, position, endLsn);
                }
                if (header.kind().endsTransaction()) {
                    endLsn = Lsn.max(endLsn, header.lastCommitEndLsn());
                }
            }
        }
        if (isFirst
                && Lsn.compare(position.commitLsn(), resumeLsn) < 0
                && Lsn.compare(position.commitLsn(), end.commitLsn()) != 0) {
            throw released(sink, position, "LSN " + Lsn.toString(resumeLsn));
        }
        if (position.compareTo(new Position(header.epoch(), end.commitLsn(), Long.MAX_VALUE)) > 0) {
            LOG.warn(
                    "sink {} starts behind {}, which the queue has not reached yet: what comes up to there is left out for it",
                    sink,
                    position);
        }
        long next = end.index() == SegmentStore.NONE ? SegmentStore.NONE : end.index() + 1;
        return new SinkCheckpoint(next, position, end.endLsn());
    }

    private void requireHeld(String sink, Position position) {
        Position first = new Position(header.epoch(), header.firstCommitLsn(), header.firstOrdinal());
        if (position.compareTo(first) < 0) {
            throw released(sink, position, first.toString());
        }
    }

    private QueueException released(String sink, Position position, String first) {
        return new QueueException(
                ErrorCode.QUEUE_SEGMENT_RELEASED,
                "sink \"" + sink + "\" starts after " + position + ", but the queue holds changes from " + first
                        + " on; " + store + ". To do without those in between, write start: beginning.");
    }

    /** Whether a change behind the position may be in the segment; within many transactions the last one's ordinals are not known. */
    private boolean holdsLater(Position position) {
        long lastOrdinal = header.kind() == SegmentKind.TRANSACTIONS
                ? Long.MAX_VALUE
                : header.firstOrdinal() + header.changeCount() - 1;
        return new Position(header.epoch(), header.lastCommitLsn(), lastOrdinal).compareTo(position) > 0;
    }
}
