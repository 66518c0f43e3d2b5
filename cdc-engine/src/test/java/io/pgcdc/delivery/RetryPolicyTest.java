package io.pgcdc.delivery;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.life.SetClock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a sink is called again after a failure of its target, and when its failure is permanent. */
class RetryPolicyTest {

    private final SinkException busy = failure(ErrorCode.SINK_WRITE_FAILED, "");

    private final SetClock clock = new SetClock();

    private RetryPolicy policy(long limitMs, long limitTimes) {
        return new RetryPolicy(clock, limitMs, limitTimes, "out", () -> "all up to 0/1:0");
    }

    private static SinkException failure(ErrorCode code, String reason) {
        return new SinkException(code, "said; there. Do this.", null, reason);
    }

    @Test
    void pausesGrowUntilItWorks() throws SinkFailure {
        RetryPolicy policy = policy(0, 0);
        List<Long> pauses = new ArrayList<>();
        for (int i = 0; i < 11; i++) {
            policy.failed(busy);
            pauses.add(policy.pause());
        }
        assertEquals(
                List.of(100L, 200L, 400L, 800L, 1_600L, 3_200L, 6_400L, 12_800L, 25_600L, 30_000L, 30_000L), pauses);
        policy.startOver();
        policy.failed(busy);
        assertEquals(100, policy.pause());
    }

    @Test
    void theSinkIsNotCalledDuringThePause() throws SinkFailure {
        RetryPolicy policy = policy(0, 0);
        assertEquals(0, policy.pauseLeftMs());
        policy.failed(busy);
        policy.pause();
        clock.advanceMs(40);
        assertTrue(policy.pauseLeftMs() >= 60, policy.pauseLeftMs() + " ms");
        clock.advanceMs(60);
        assertEquals(0, policy.pauseLeftMs());
        assertTrue(policy.isFailing(), "nothing became durable yet");
    }

    @Test
    void startingOverEndsThePause() throws SinkFailure {
        RetryPolicy policy = policy(0, 0);
        policy.failed(busy);
        policy.pause();
        policy.startOver();
        assertEquals(0, policy.pauseLeftMs());
        assertFalse(policy.isFailing());
    }

    @Test
    void aTargetMayFailUpToTheTimeLimit() throws SinkFailure {
        RetryPolicy policy = policy(300, 0);
        policy.failed(busy);
        clock.advanceMs(300);
        policy.failed(busy);
        clock.advanceMs(1);
        assertSame(
                busy, assertThrows(SinkFailure.class, () -> policy.failed(busy)).thrown());
        policy.startOver();
        assertDoesNotThrow(() -> policy.failed(busy), "counted from here on");
    }

    @Test
    void permanentErrorsAreNotRetried() {
        SinkException gone = failure(ErrorCode.SINK_CLOSED, "");
        assertSame(
                gone,
                assertThrows(SinkFailure.class, () -> policy(0, 0).failed(gone)).thrown());
    }

    @Test
    void oneReasonIsRetriedUpToItsLimit() throws SinkFailure {
        RetryPolicy policy = policy(0, 3);
        for (int i = 0; i < 3; i++) {
            policy.failed(failure(ErrorCode.TARGET_BUSY, "55006"));
            policy.failed(failure(ErrorCode.TARGET_BUSY, "40P01")); // another reason has its own count
        }
        Throwable end = assertThrows(SinkFailure.class, () -> policy.failed(failure(ErrorCode.TARGET_BUSY, "55006")))
                .thrown();
        SinkException stays = assertInstanceOf(SinkException.class, end);
        assertEquals(ErrorCode.TARGET_STAYS_BUSY, stays.code());
        assertTrue(
                stays.getMessage().contains("all up to 0/1:0: said; there. Do this. Then start again."),
                stays.getMessage());
    }

    @Test
    void aLostConnectionIsNotCounted() {
        RetryPolicy policy = policy(0, 3);
        for (int i = 0; i < 100; i++) {
            assertDoesNotThrow(() -> policy.failed(failure(ErrorCode.TARGET_LOST, "57P01")));
        }
    }

    @Test
    void aWriteThatFailsAgainAndAgainStops() throws SinkFailure {
        RetryPolicy policy = policy(0, 3);
        for (int i = 0; i < 3; i++) {
            policy.failed(busy);
        }
        Throwable end =
                assertThrows(SinkFailure.class, () -> policy.failed(busy)).thrown();
        assertEquals(
                ErrorCode.TARGET_STAYS_BUSY,
                assertInstanceOf(SinkException.class, end).code());
    }

    @Test
    void withoutLimitsEverythingIsRetried() {
        RetryPolicy policy = policy(0, 0);
        for (int i = 0; i < 100; i++) {
            assertDoesNotThrow(() -> policy.failed(failure(ErrorCode.TARGET_BUSY, "55006")));
        }
    }
}
