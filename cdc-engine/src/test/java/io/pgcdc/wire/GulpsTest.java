package io.pgcdc.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GulpsTest {

    private static final int READ_BYTES = 16 << 10;
    private static final long MILLISECOND = TimeUnit.MILLISECONDS.toNanos(1);

    private final Gulps gulps = new Gulps();
    private long now = 1;

    /** Reads 64 KB within so many nanoseconds; the pause that follows. */
    private long window(long nanos) {
        long pause = 0;
        for (int i = 0; i < 4; i++) {
            assertEquals(0, pause, "a pause inside a window");
            now += nanos / 4;
            pause = gulps.read(READ_BYTES, now);
        }
        return pause;
    }

    @Test
    void lightTrafficIsNeverHeldUp() {
        for (int i = 0; i < 1_000; i++) {
            assertEquals(0, window(4 * MILLISECOND + 4));
        }
    }

    @Test
    void aBurstAfterSilenceIsNotHeldUpAtOnce() {
        now += 10_000 * MILLISECOND;
        assertEquals(0, window(MILLISECOND));
        assertTrue(window(MILLISECOND) > 0);
    }

    /** A sender of 80 MB a second into sockets of several sizes: what waits behind a pause is what came in it, as far as it fits. */
    @ParameterizedTest
    @CsvSource({"16384, 50, 250", "61440, 250, 600", "450560, 1300, 2200"})
    void pausesSettleWhereEnoughWaits(int socketBytes, long fromMicros, long toMicros) {
        long[] pauses = new long[3_000];
        for (int i = 0; i < pauses.length; i++) {
            pauses[i] = window(MILLISECOND);
            now += pauses[i];
            gulps.paused((int) Math.min(socketBytes, pauses[i] * 80 / 1_000), now);
        }
        Arrays.sort(pauses);
        long micros = TimeUnit.NANOSECONDS.toMicros(pauses[pauses.length / 2]);
        assertTrue(micros >= fromMicros && micros <= toMicros, micros + " microseconds");
    }

    @Test
    void aSenderThatStallsCostsThreeMillisecondsAWindowAtMost() {
        for (int i = 0; i < 500; i++) {
            long pause = window(MILLISECOND);
            assertTrue(pause <= 3 * MILLISECOND, pause + " ns");
            now += pause;
            gulps.paused(0, now);
        }
    }
}
