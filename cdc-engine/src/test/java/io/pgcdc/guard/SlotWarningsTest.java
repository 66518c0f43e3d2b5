package io.pgcdc.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.guard.SlotWarnings.Notice;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SlotWarningsTest {

    private static final long HOUR = 3_600;

    private final SlotWarnings warnings = new SlotWarnings("s");
    private long seconds;

    private @Nullable Notice after(long later, @Nullable Long lost, String sink) {
        seconds += later;
        SlotReading reading = Readings.reading(
                seconds, 100 * Readings.MB, 100 * Readings.MB, 1_300 * Readings.MB, 1L << 30, null, null);
        WalHolder holder = WalHolder.of(
                reading,
                false,
                1_300 * Readings.MB,
                1_300 * Readings.MB,
                List.of(new SinkPlace(sink, 200 * Readings.MB, "")));
        return warnings.next(reading, new SlotForecast(110_000L, lost), holder);
    }

    @Test
    void aWarningSaysWhenHowMuchWhoAndWhatToDo() {
        Notice notice = after(0, 3 * HOUR + 600, "replica");
        assertNotNull(notice);
        assertTrue(notice.warning());
        assertEquals(
                "slot s: at this rate it is lost in 3 h 10 min (WAL retained 1.3 GB, grows 110 kB/s, 1.1 GB left of"
                        + " max_slot_wal_keep_size). Sink \"replica\" holds it, 1.2 GB behind. Repair its target or resume it, or set"
                        + " queue.confirm: auto or queue, which lets the primary remove what the queue has.",
                notice.text());
    }

    @Test
    void aDistantLossIsNotWorthALine() {
        assertNull(after(0, 25 * HOUR, "a"));
        assertNull(after(5, null, "a"));
    }

    @Test
    void aWarningIsRepeatedWhenTheTimeHasHalved() {
        assertNotNull(after(0, 20 * HOUR, "a"));
        assertNull(after(5, 11 * HOUR, "a"));
        assertNotNull(after(5, 10 * HOUR, "a"));
        assertNull(after(3_600, 9 * HOUR, "a"));
        assertNotNull(after(5, 8L, "a"));
        assertNull(after(5, 0L, "a"));
    }

    @Test
    void anotherHolderIsNamedButNotAtEachLook() {
        assertNotNull(after(0, 20 * HOUR, "a"));
        assertNull(after(5, 20 * HOUR, "b"));
        assertNotNull(after(60, 20 * HOUR, "b"));
    }

    @Test
    void theEndOfTheDangerIsToldOnce() {
        assertNotNull(after(0, 20 * HOUR, "a"));
        assertNull(after(5, 29 * HOUR, "a"));
        Notice passed = after(5, 31 * HOUR, "a");
        assertNotNull(passed);
        assertFalse(passed.warning());
        assertNull(after(5, null, "a"));
        assertNull(after(5, 20 * HOUR, "a"), "not twice a minute");
        assertNotNull(after(60, 20 * HOUR, "a"));
    }

    @Test
    void aLostSlotIsToldOnce() {
        SlotReading lost =
                new SlotReading(0, java.time.Instant.EPOCH, false, 0, 0, "lost", 1_000, null, null, null, null, null);
        WalHolder nobody = WalHolder.of(lost, false, 1_000, 1_000, List.of());
        Notice notice = warnings.next(lost, new SlotForecast(null, null), nobody);
        assertNotNull(notice);
        assertTrue(notice.text().startsWith("slot s is lost"), notice.text());
        assertNull(warnings.next(lost, new SlotForecast(null, null), nobody));
    }
}
