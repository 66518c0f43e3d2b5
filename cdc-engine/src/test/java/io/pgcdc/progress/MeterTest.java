package io.pgcdc.progress;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Counts and rates, on a clock that the test turns. */
class MeterTest {

    private long nanos = -5;
    private final Meter meter = new Meter(() -> nanos);

    private void pass(long milliseconds) {
        nanos += TimeUnit.MILLISECONDS.toNanos(milliseconds);
    }

    @Test
    void anEmptyMeterIsZero() {
        assertEquals(0, meter.perSecond());
        pass(50_000);
        assertEquals(0, meter.perSecond());
        assertEquals(0, meter.total());
    }

    @Test
    void theFirstSecondIsMeasuredFromItsStart() {
        meter.add(100);
        pass(500);
        assertEquals(200, meter.perSecond());
    }

    @Test
    void theRateIsOfTheWholeSecondsOfTheWindow() {
        for (int second = 0; second < 30; second++) {
            meter.add(second < 20 ? 1_000 : 10);
            pass(1_000);
        }
        assertEquals(10, meter.perSecond(), "what is older than ten seconds does not count");
        assertEquals(20_100, meter.total());
    }

    @Test
    void aPauseEmptiesTheWindow() {
        meter.add(1_000);
        pass(5_000);
        assertEquals(200, meter.perSecond());
        pass(6_000);
        assertEquals(0, meter.perSecond());
        meter.add(30);
        pass(1_000);
        assertEquals(3, meter.perSecond());
        pass(1_000_000);
        assertEquals(0, meter.perSecond());
    }
}
