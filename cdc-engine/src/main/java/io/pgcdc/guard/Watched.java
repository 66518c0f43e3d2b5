package io.pgcdc.guard;

import io.pgcdc.model.Lsn;
import io.pgcdc.progress.Acknowledgement;
import io.pgcdc.progress.Confirmation;
import io.pgcdc.progress.QueueProgress;
import io.pgcdc.progress.SinkProgress;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The run whose slot is watched. Any thread may read it.
 *
 * @param walEndLsn end of the server's WAL as the stream says; {@link Lsn#INVALID}: not known yet
 * @param sinks by name
 */
public record Watched(
        LongSupplier walEndLsn,
        Acknowledgement acknowledgement,
        QueueProgress queue,
        Map<String, SinkProgress> sinks,
        Confirmation confirmation) {

    public Watched {
        sinks = Map.copyOf(sinks);
    }

    /** Returns the greatest LSN that the stream has told of. */
    long seenLsn() {
        return Lsn.max(walEndLsn.getAsLong(), acknowledgement.seenReceivedLsn());
    }

    /** Returns the greatest LSN received. */
    long receivedLsn() {
        return acknowledgement.seenReceivedLsn();
    }

    /** Returns the end of the last commit that the queue has durably. */
    long queueEndLsn() {
        return queue.durableMark().endLsn();
    }

    List<SinkPlace> places() {
        return sinks.entrySet().stream()
                .map(sink -> new SinkPlace(sink.getKey(), sink.getValue().durableEndLsn(), state(sink.getValue())))
                .toList();
    }

    /** Returns true if all sinks durably have everything up to an end of a commit. */
    boolean sinksHave(long endLsn) {
        return sinks.values().stream().allMatch(sink -> Lsn.compare(sink.durableEndLsn(), endLsn) >= 0);
    }

    private static String state(SinkProgress sink) {
        if (sink.hasFailed()) {
            return "has failed";
        }
        if (sink.isPaused()) {
            return "is paused";
        }
        return sink.trouble() == null ? "" : "its target fails";
    }
}
