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
 * A new queue before a slot that is there already: nobody has captured from it yet, or the queue's directory is lost. Sinks that keep their
 * positions tell which, and whether something is missing. The thread that starts the pipeline.
 */
final class LostQueue {

    private static final Logger LOG = LoggerFactory.getLogger(LostQueue.class);

    private final Map<String, Position> positions = new LinkedHashMap<>();
    private @Nullable Position last;
    private String lastSink = "";

    /** Asks the sinks. One that cannot tell now does not hold up the others: what comes again it passes over later. */
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
            LOG.warn("sink {}: {} What it has is not known; going on from the slot.", name, e.describe());
            return null;
        }
    }

    /** Returns the latest epoch that a sink knows; null: no sink has anything. */
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
                    "sink \"" + lastSink + "\" has changes up to " + latest + ", and the server's WAL ends at "
                            + Lsn.toString(serverFlushLsn) + ": it was restored, or lost WAL; " + where
                            + ". To go on in a new epoch, start with --accept-gap.");
        }
        positions.forEach((name, position) -> {
            // with confirm: sinks the slot stands behind nothing that a sink had not
            if (confirm == ConfirmPolicy.QUEUE
                    && (position.epoch() < latest.epoch()
                            || Lsn.compare(position.commitLsn(), slot.confirmedFlushLsn()) < 0)) {
                throw new SourceException(
                        ErrorCode.POSITION_GAP,
                        "the queue is new, sink \"" + name + "\" has changes up to " + position + ", and slot \""
                                + slot.name()
                                + "\" stands at " + Lsn.toString(slot.confirmedFlushLsn())
                                + ": what a lost queue held in between, if anything, is lost to it; " + where
                                + ". Bring the queue's directory back; to go on without, start with --accept-gap.");
            }
        });
        LOG.info(
                "the queue is new, and its sinks have changes up to {}: going on at {} in epoch {}; they pass over what they have",
                latest,
                Lsn.toString(slot.confirmedFlushLsn()),
                latest.epoch());
    }
}
