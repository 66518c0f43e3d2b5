package io.pgcdc.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** How a run begins, for each combination of queue, sinks, checks and --accept-gap. */
class StartTest {

    @ParameterizedTest
    @CsvSource({
        // columns: queue is new, latest epoch of the sinks, start, epoch of a new queue
        "true,  ,  First,   0",
        "true,  0, Rebuilt, 0",
        "true,  3, Rebuilt, 3",
        "false, ,  Resumed, 0",
    })
    void withoutAGapQueueAndSinksDecide(
            boolean queueIsNew, @Nullable Integer sinksEpoch, String start, int firstEpoch) {
        for (boolean acceptGap : new boolean[] {false, true}) {
            Start decided = Start.decide(queueIsNew, sinksEpoch, null, acceptGap);
            assertEquals(start, decided.getClass().getSimpleName());
            assertEquals(firstEpoch, decided.firstEpoch());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ErrorCode.class,
            names = {"SLOT_GONE", "POSITION_GAP", "TIMELINE_FORKED", "SERVER_BEHIND"})
    void aPersonMayAcceptAGap(ErrorCode code) {
        SourceException missing = new SourceException(code, "missing");
        assertSame(missing, assertThrows(SourceException.class, () -> Start.decide(false, null, missing, false)));
        Start.GapAccepted accepted =
                assertInstanceOf(Start.GapAccepted.class, Start.decide(false, null, missing, true));
        assertSame(missing, accepted.gap());
        assertInstanceOf(Start.Resumed.class, accepted.before());
    }

    @ParameterizedTest
    @EnumSource(
            value = ErrorCode.class,
            names = {"SLOT_GONE", "POSITION_GAP", "TIMELINE_FORKED", "SERVER_BEHIND"},
            mode = EnumSource.Mode.EXCLUDE)
    void aPersonCannotAcceptOtherErrors(ErrorCode code) {
        SourceException refusal = new SourceException(code, "no");
        assertSame(refusal, assertThrows(SourceException.class, () -> Start.decide(true, 1, refusal, true)));
    }

    @ParameterizedTest
    @CsvSource({"SLOT_GONE, false", "POSITION_GAP, false", "TIMELINE_FORKED, true", "SERVER_BEHIND, true"})
    void anotherHistoryBeginsANewEpoch(ErrorCode code, boolean forked) {
        Start start = Start.decide(false, null, new SourceException(code, "missing"), true);
        assertEquals(forked, assertInstanceOf(Start.GapAccepted.class, start).forked());
    }

    @Test
    void aRebuiltQueueBeginsInTheSinksEpoch() {
        Start start = Start.decide(true, 2, new SourceException(ErrorCode.POSITION_GAP, "missing"), true);
        assertEquals(2, start.firstEpoch());
    }
}
