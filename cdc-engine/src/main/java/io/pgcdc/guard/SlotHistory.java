package io.pgcdc.guard;

import io.pgcdc.model.Lsn;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The last readings of the slot. */
final class SlotHistory {

    private final List<SlotReading> readings = new ArrayList<>();
    private String oldestXid = "";
    private long oldestSinceNanos;

    /** Adds a reading. If the server's WAL ends earlier than before, it is another server: forgets the readings before. */
    SlotReading add(SlotReading found) {
        SlotReading last = last();
        if (last != null && Lsn.compare(found.walEndLsn(), last.walEndLsn()) < 0) {
            clear();
        }
        SlotReading reading = aged(found);
        readings.add(reading);
        if (readings.size() > SlotForecast.LONG) {
            readings.remove(0);
        }
        return reading;
    }

    /** A role without pg_read_all_stats does not see when a transaction began. Then its age counts since it was first seen. */
    private SlotReading aged(SlotReading found) {
        OpenTransaction oldest = found.oldest();
        if (oldest == null || oldest.ageMs() != null) {
            return found;
        }
        if (!oldest.xid().equals(oldestXid)) {
            oldestXid = oldest.xid();
            oldestSinceNanos = found.nanos();
        }
        return found.with(new OpenTransaction(
                oldest.gid(),
                oldest.pid(),
                oldest.xid(),
                oldest.who(),
                TimeUnit.NANOSECONDS.toMillis(found.nanos() - oldestSinceNanos)));
    }

    @Nullable
    SlotReading last() {
        return readings.isEmpty() ? null : readings.get(readings.size() - 1);
    }

    /**
     * Returns when the server last had no more WAL than was received by now, as far as the readings tell; null: not since the first of them.
     */
    @Nullable
    Instant hadAllAt(long receivedLsn) {
        for (int i = readings.size() - 1; i >= 0; i--) {
            if (Lsn.compare(readings.get(i).walEndLsn(), receivedLsn) <= 0) {
                return readings.get(i).when();
            }
        }
        return null;
    }

    SlotForecast forecast() {
        return SlotForecast.of(readings);
    }

    void clear() {
        readings.clear();
    }
}
