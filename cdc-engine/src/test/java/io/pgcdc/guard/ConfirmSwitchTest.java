package io.pgcdc.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pgcdc.queue.ConfirmPolicy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Below 50 percent or 5 minutes to the queue; back above 75 percent and 10 minutes, when the sinks keep up. */
class ConfirmSwitchTest {

    private final ConfirmSwitch confirm = new ConfirmSwitch(50, 300_000);

    @ParameterizedTest(name = "{0}, {1} MB held, lost in {2} s, {3} MB releasable, sinks keep up: {4}")
    @CsvSource({
        // now, held of 1000 MB, seconds, releasable, keep up, then
        "SINKS, 400, , 390, false, SINKS",
        "SINKS, 501, , 490, false, QUEUE",
        "SINKS, 501, , 490, true, QUEUE",
        "SINKS, 1200, , 490, true, QUEUE",
        "SINKS, 200, 299, 190, false, QUEUE",
        "SINKS, 200, 301, 190, false, SINKS",
        // a transaction holds it, and the sinks are nearly there
        "SINKS, 900, 10, 80, false, SINKS",
        "SINKS, 900, 10, 0, true, SINKS",
        "QUEUE, 300, , 0, true, QUEUE",
        "QUEUE, 200, , 0, true, SINKS",
        "QUEUE, 200, 599, 0, true, QUEUE",
        "QUEUE, 200, 601, 0, true, SINKS",
        "QUEUE, 0, , 0, false, QUEUE",
    })
    void theSwitchHasTwoThresholds(
            ConfirmPolicy now, long held, @Nullable Long seconds, long releasable, boolean keepUp, ConfirmPolicy then) {
        SlotForecast forecast = new SlotForecast(1L, seconds);
        assertEquals(then, confirm.next(now, Readings.held(held), forecast, releasable * Readings.MB, keepUp));
    }

    @ParameterizedTest(name = "{0} MB held, {1} MB free")
    @CsvSource({
        "500, , SINKS, SINKS",
        "500, 501, SINKS, QUEUE",
        "500, 499, QUEUE, QUEUE",
        "500, 1501, SINKS, SINKS",
    })
    void withoutALimitTheDiskCounts(long held, @Nullable Long free, ConfirmPolicy fromSinks, ConfirmPolicy fromQueue) {
        SlotReading reading = Readings.reading(
                0,
                Readings.MB,
                Readings.MB,
                (1 + held) * Readings.MB,
                null,
                free == null ? null : Long.valueOf(free * Readings.MB),
                null);
        SlotForecast none = new SlotForecast(null, null);
        assertEquals(fromSinks, confirm.next(ConfirmPolicy.SINKS, reading, none, held * Readings.MB, true));
        assertEquals(fromQueue, confirm.next(ConfirmPolicy.QUEUE, reading, none, 0, true));
    }
}
