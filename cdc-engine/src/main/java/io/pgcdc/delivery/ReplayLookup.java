package io.pgcdc.delivery;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import io.pgcdc.error.SinkException;
import io.pgcdc.model.Position;
import io.pgcdc.queue.Layouts;
import io.pgcdc.queue.SegmentHeader;
import io.pgcdc.queue.SegmentKind;
import io.pgcdc.queue.SegmentReader;
import io.pgcdc.queue.SegmentStore;
import io.pgcdc.queue.SegmentView;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Finds the places of a replay in the queue. Reads the segments' headers, and the changes only of segments where a place may lie. One thread. */
final class ReplayLookup {

    /** In seconds from 1970: more than 100,000 years. */
    private static final long FARTHEST_S = 1L << 42;

    private final String sink;
    private final SegmentStore store;
    private final Layouts layouts;

    ReplayLookup(String sink, SegmentStore store, Layouts layouts) {
        this.sink = sink;
        this.store = store;
        this.layouts = layouts;
    }

    /** A change of the queue. */
    record Found(Position position, long timeMicros) {}

    /**
     * Returns the first position of the transaction in which the place lies, or of the next one.
     *
     * @throws QueueException QUEUE_SEGMENT_RELEASED: the queue does not hold the place
     * @throws SinkException REPLAY_REFUSED: there is no change at or after it
     */
    Position first(ReplayPlace place) {
        Found oldest = oldest();
        Position position = place.position();
        Instant time = place.time();
        if (position != null) {
            if (position.compareTo(oldest.position()) < 0) {
                throw released(place, oldest);
            }
            Position first = WholeTransactions.first(position);
            // of a snapshot's rows at one LSN the first may be gone
            return first.compareTo(oldest.position()) < 0 ? oldest.position() : first;
        }
        if (time != null && micros(time) < oldest.timeMicros()) {
            throw released(place, oldest);
        }
        Found found = committedAtOrAfter(time == null ? 0 : micros(time));
        if (found == null) {
            throw refused("the queue holds no transaction that was committed at " + place
                    + " or later. Name an earlier time.");
        }
        return WholeTransactions.first(found.position());
    }

    /** Returns the last position of the transaction in which the place lies, or of the one before it; null: all of the queue is before it. */
    @Nullable
    Position last(ReplayPlace place) {
        Position position = place.position();
        if (position != null) {
            return WholeTransactions.last(position);
        }
        Instant time = place.time();
        Found after = time == null ? null : committedAtOrAfter(micros(time) + 1);
        return after == null ? null : WholeTransactions.before(after.position());
    }

    /** Returns the index of the segment where the first transaction at or after the position begins; NONE: the queue has none. */
    long index(Position from) {
        SegmentHeader header = new SegmentHeader();
        long begins = SegmentStore.NONE;
        try (SegmentReader reader = store.reader(SegmentStore.NONE)) {
            while (reader.nextHeader(header)) {
                if (header.kind().begins()) {
                    begins = reader.index();
                }
                long lastOrdinal = header.kind() == SegmentKind.TRANSACTIONS
                        ? Long.MAX_VALUE
                        : header.firstOrdinal() + header.changeCount() - 1;
                Position last = new Position(header.epoch(), header.lastCommitLsn(), lastOrdinal);
                if (begins != SegmentStore.NONE && last.compareTo(from) >= 0) {
                    return begins;
                }
            }
        }
        return SegmentStore.NONE;
    }

    /** Returns the first change of which the queue has the whole transaction. */
    private Found oldest() {
        SegmentHeader header = new SegmentHeader();
        try (SegmentReader reader = store.reader(SegmentStore.NONE)) {
            while (reader.nextHeader(header)) {
                Found found = header.kind().begins() ? firstChange(reader.index(), Long.MIN_VALUE) : null;
                if (found != null) {
                    return found;
                }
            }
        }
        throw refused("the queue is empty. To keep changes in future, raise queue.retain_bytes.");
    }

    private @Nullable Found committedAtOrAfter(long micros) {
        SegmentHeader header = new SegmentHeader();
        try (SegmentReader reader = store.reader(SegmentStore.NONE)) {
            while (reader.nextHeader(header)) {
                Found found = header.commitTimeMicros() >= micros ? firstChange(reader.index(), micros) : null;
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    /** Returns the first change of a segment that was committed at or after the time; null: there is none. */
    private @Nullable Found firstChange(long index, long micros) {
        SegmentView view = new SegmentView();
        try (SegmentReader reader = store.reader(index)) {
            if (!reader.next(view)) {
                return null;
            }
        }
        Found[] first = new Found[1];
        new SegmentBatch(view, layouts::byVersion).forEach(change -> {
            if (first[0] == null && change.commitTimeMicros() >= micros) {
                first[0] = new Found(change.position(), change.commitTimeMicros());
            }
        });
        return first[0];
    }

    /** Returns microseconds since 1970. A time that a long cannot hold becomes one that is as well before, or after, all commits. */
    private static long micros(Instant time) {
        long second = Math.max(-FARTHEST_S, Math.min(FARTHEST_S, time.getEpochSecond()));
        return TimeUnit.SECONDS.toMicros(second) + TimeUnit.NANOSECONDS.toMicros(time.getNano());
    }

    private QueueException released(ReplayPlace place, Found oldest) {
        return new QueueException(
                ErrorCode.QUEUE_SEGMENT_RELEASED,
                "sink \"" + sink + "\" cannot get the changes from " + place
                        + " again: the queue holds only changes from " + oldest.position() + " on, committed at "
                        + Instant.EPOCH.plus(oldest.timeMicros(), ChronoUnit.MICROS) + "; " + store
                        + ". Name that position or a later one. To keep more changes in future, raise"
                        + " queue.retain_bytes.");
    }

    SinkException refused(String why) {
        return new SinkException(ErrorCode.REPLAY_REFUSED, "sink \"" + sink + "\" cannot replay: " + why);
    }
}
