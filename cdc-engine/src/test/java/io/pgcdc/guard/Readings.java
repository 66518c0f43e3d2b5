package io.pgcdc.guard;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Readings of a made-up slot, in MB and seconds. */
final class Readings {

    static final long MB = 1 << 20;

    /** Bytes that the server may keep. */
    static final long LIMIT = 1_000 * MB;

    static final int EVERY_S = 5;

    private final List<SlotReading> readings = new ArrayList<>();
    private long seconds;

    /** Adds a reading, five seconds after the last. */
    Readings add(double restartMb, double endMb) {
        readings.add(at(seconds, (long) (restartMb * MB), (long) (endMb * MB)));
        seconds += EVERY_S;
        return this;
    }

    List<SlotReading> all() {
        return readings;
    }

    SlotForecast forecast() {
        return SlotForecast.of(readings);
    }

    static SlotReading held(long mb) {
        return at(0, MB, (1 + mb) * MB);
    }

    private static SlotReading at(long seconds, long restart, long end) {
        return reading(seconds, restart, restart, end, LIMIT - (end - restart), null, null);
    }

    static SlotReading reading(
            long seconds,
            long restart,
            long confirmed,
            long end,
            @Nullable Long safe,
            @Nullable Long free,
            @Nullable OpenTransaction oldest) {
        return new SlotReading(
                TimeUnit.SECONDS.toNanos(seconds),
                Instant.EPOCH,
                true,
                restart,
                confirmed,
                "extended",
                end,
                safe,
                safe == null ? null : Long.valueOf(LIMIT),
                null,
                free,
                oldest);
    }
}
