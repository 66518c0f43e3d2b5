package io.pgcdc.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SlotForecastTest {

    private static long seconds(Readings readings) {
        Long seconds = readings.forecast().secondsToLoss();
        assertNotNull(seconds);
        return seconds;
    }

    @Test
    void aSlotThatStandsIsLostAtTheRateOfTheWal() {
        Readings readings = new Readings();
        for (int i = 0; i < 10; i++) {
            readings.add(100, 100 + 10 * i); // 2 MB/s
        }
        assertEquals(2 * Readings.MB, readings.forecast().growthBytesPerSecond());
        assertEquals(910 / 2, seconds(readings));
    }

    @Test
    void aNewLoadIsSeenAfterAQuietTime() {
        Readings readings = new Readings();
        for (int i = 0; i < SlotForecast.LONG; i++) {
            readings.add(100, 101);
        }
        for (int i = 1; i <= SlotForecast.SHORT; i++) {
            readings.add(100, 101 + 10 * i);
        }
        assertEquals((1_000 - 81) / 2, seconds(readings));
    }

    @Test
    void aBurstThatIsOverIsNotForgottenAtOnce() {
        Readings readings = new Readings();
        for (int i = 0; i < 30; i++) {
            readings.add(100, 100 + 10 * i);
        }
        for (int i = 0; i < SlotForecast.SHORT; i++) {
            readings.add(100, 390);
        }
        Long growth = readings.forecast().growthBytesPerSecond();
        assertNotNull(growth);
        assertTrue(growth > Readings.MB, growth + " B/s");
    }

    /** The server releases WAL every 15 s. Much WAL is written, and none of it stays. */
    @Test
    void aSlotInNormalUseIsNotForecast() {
        Readings readings = new Readings();
        for (int i = 0; i < 100; i++) {
            readings.add(100 + 30 * (i / 3), 100 + 10 * (i + 1));
            assertNull(readings.forecast().secondsToLoss(), "after " + i);
        }
    }

    /** With the load the teeth of the saw grow, and are still little. */
    @Test
    void aGrowingLoadOnASlotInNormalUseIsNotForecast() {
        Readings readings = new Readings();
        double end = 100;
        double restart = 100;
        for (int i = 0; i < 60; i++) {
            end += i < 30 ? 1 : 20;
            if (i % 3 == 0) {
                restart = end - (i < 30 ? 1 : 20);
            }
            readings.add(restart, end);
            assertNull(readings.forecast().secondsToLoss(), "after " + i);
        }
    }

    @Test
    void aSlotThatFallsBehindIsForecastOnceItHoldsMuch() {
        Readings readings = new Readings();
        for (int i = 0; i < 40; i++) {
            readings.add(100 + 15 * (i / 3), 100 + 10 * i); // 1 MB/s of 2 MB/s are released
        }
        double left = 1_000 - readings.all().get(39).retainedBytes() / (double) Readings.MB;
        assertEquals(left, (double) seconds(readings), left * 0.15);
    }

    @Test
    void fewReadingsSayNothing() {
        Readings readings = new Readings().add(100, 100).add(100, 200).add(100, 300);
        assertNull(readings.forecast().growthBytesPerSecond());
        assertNull(readings.forecast().secondsToLoss());
    }

    @Test
    void aSlotThatShrinksIsNotLost() {
        Readings readings = new Readings();
        for (int i = 0; i < 10; i++) {
            readings.add(100 + 20 * i, 500);
        }
        assertNull(readings.forecast().secondsToLoss());
        Long growth = readings.forecast().growthBytesPerSecond();
        assertNotNull(growth);
        assertTrue(growth < 0, growth + " B/s");
    }

    @Test
    void withoutALimitTheDiskEnds() {
        Readings readings = new Readings();
        for (int i = 0; i < 10; i++) {
            readings.add(100, 100 + 10 * i);
        }
        assertNull(SlotForecast.of(
                        readings.all().stream().map(r -> with(r, null, null)).toList())
                .secondsToLoss());
        SlotForecast byDisk = SlotForecast.of(readings.all().stream()
                .map(r -> with(r, null, 400 * Readings.MB))
                .toList());
        assertEquals(200, byDisk.secondsToLoss());
        SlotForecast both = SlotForecast.of(readings.all().stream()
                .map(r -> with(r, 300 * Readings.MB, 400 * Readings.MB))
                .toList());
        assertEquals(150, both.secondsToLoss());
    }

    private static SlotReading with(SlotReading r, Long safe, Long free) {
        return new SlotReading(
                r.nanos(),
                r.when(),
                true,
                r.restartLsn(),
                r.confirmedLsn(),
                "extended",
                r.walEndLsn(),
                safe,
                null,
                null,
                free,
                null);
    }

    @Test
    void nothingLeftIsLostNow() {
        Readings readings = new Readings();
        for (int i = 0; i < 4; i++) {
            readings.add(100, 1_200);
        }
        assertEquals(0, seconds(readings));
    }
}
