package io.pgcdc.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.CdcException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.life.Clock;
import org.junit.jupiter.api.Test;

/** When a failure that may pass has come too often. */
class TroubleTest {

    private final Trouble trouble = new Trouble(Clock.SYSTEM, 1_000);

    private static SinkException failure(ErrorCode code, String reason) {
        return new SinkException(code, "said; there. Do this.", null, reason);
    }

    private CdcException count(SinkException e, long limit) {
        return trouble.count(e, limit, "out", "all up to 0/1:0");
    }

    @Test
    void oneReasonComesThreeTimesAndNoMore() {
        for (int i = 0; i < 3; i++) {
            assertNull(count(failure(ErrorCode.TARGET_BUSY, "55006"), 3));
            assertNull(count(failure(ErrorCode.TARGET_BUSY, "40P01"), 3), "counted by itself");
        }
        CdcException stays = count(failure(ErrorCode.TARGET_BUSY, "55006"), 3);
        assertNotNull(stays);
        assertEquals(ErrorCode.TARGET_STAYS_BUSY, stays.code());
        assertTrue(
                stays.getMessage().contains("all up to 0/1:0: said; there. Do this. Then start again."),
                stays.getMessage());
    }

    @Test
    void aLostConnectionIsTriedForEver() {
        for (int i = 0; i < 100; i++) {
            assertNull(count(failure(ErrorCode.TARGET_LOST, "57P01"), 3));
            assertNull(count(failure(ErrorCode.SINK_WRITE_FAILED, ""), 3));
        }
    }

    @Test
    void withoutALimitEverythingIsTriedForEver() {
        for (int i = 0; i < 100; i++) {
            assertNull(count(failure(ErrorCode.TARGET_BUSY, "55006"), 0));
        }
    }
}
