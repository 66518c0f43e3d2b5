package io.pgcdc.pipeline;

import io.pgcdc.catalog.SlotState;
import io.pgcdc.error.CdcException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.Retry;
import io.pgcdc.error.SourceException;
import io.pgcdc.model.Lsn;
import io.pgcdc.model.Position;
import io.pgcdc.queue.ConfirmPolicy;
import io.pgcdc.sink.Sink;
import io.pgcdc.sink.SourceId;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Examines a new queue for a slot that already exists. Either nobody has captured from the slot yet, or the queue's directory is lost. Sinks
 * that keep their positions tell which of the two is true, and if changes are missing. The thread that starts the pipeline.
 */
final class LostQueue {

    private static final Logger LOG = LoggerFactory.getLogger(LostQueue.class);

    private final Map<String, Position> positions = new LinkedHashMap<>();
    private @Nullable Position last;
    private String lastSink = "";

    /** Asks the sinks for their positions. A sink that cannot answer yet does not matter: it skips repeated changes later. */
    LostQueue(Map<String, Sink> sinks, SourceId source) {
        sinks.forEach((name, sink) -> {
            Position position = ask(name, sink, source);
            if (position != null) {
                positions.put(name, position);
                Position latest = last;
                if (latest == null || position.compareTo(latest) > 0) {
                    last = position;
                    lastSink = name;
                }
            }
        });
    }

    private static @Nullable Position ask(String name, Sink sink, SourceId source) {
        try {
            return sink.open(source);
        } catch (CdcException e) {
            if (e.retry() == Retry.NEVER) {
                throw e;
            }
            LOG.warn("sink {}: {} Its position is unknown; continuing from the slot.", name, e.describe());
            return null;
        }
    }

    /** Returns the latest epoch of all sinks' positions; null: no sink has a position. */
    @Nullable
    Integer epoch() {
        Position latest = last;
        return latest == null ? null : latest.epoch();
    }

    /**
     * Checks that nothing is missing between the sinks and the slot.
     *
     * @throws SourceException SERVER_BEHIND, or POSITION_GAP
     */
    void check(SlotState slot, ConfirmPolicy confirm, long serverFlushLsn, String where) {
        Position latest = last;
        if (latest == null) {
            return;
        }
        if (Lsn.compare(latest.commitLsn(), serverFlushLsn) > 0) {
            throw new SourceException(
                    ErrorCode.SERVER_BEHIND,
                    "sink \"" + lastSink + "\" has changes up to " + latest + ", but the server's WAL ends at "
                            + Lsn.toString(serverFlushLsn) + ": the server was restored, or lost WAL; " + where
                            + ". To continue in a new epoch, start with --accept-gap.");
        }
        positions.forEach((name, position) -> {
            // with confirm: sinks the slot never passes a change that a sink lacks; which policy auto had is lost with
            // the queue
            if (confirm != ConfirmPolicy.SINKS
                    && (position.epoch() < latest.epoch()
                            || Lsn.compare(position.commitLsn(), slot.confirmedFlushLsn()) < 0)) {
                throw new SourceException(
                        ErrorCode.POSITION_GAP,
                        "the queue is new, sink \"" + name + "\" has changes up to " + position + ", and slot \""
                                + slot.name()
                                + "\" stands at " + Lsn.toString(slot.confirmedFlushLsn())
                                + ": changes in between that only a lost queue held are missing in the sink; " + where
                                + ". Restore the queue's directory. To continue without these changes, start with --accept-gap.");
            }
        });
        LOG.info(
                "the queue is new, and its sinks have changes up to {}: continuing at {} in epoch {}; the sinks skip what they have",
                latest,
                Lsn.toString(slot.confirmedFlushLsn()),
                latest.epoch());
    }
}
