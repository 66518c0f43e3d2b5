package io.pgcdc.progress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import io.pgcdc.queue.ConfirmLog;
import io.pgcdc.queue.ConfirmPolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Invariant 1 through the switches of {@code confirm: auto}. */
class ConfirmationTest {

    private final List<String> record = new ArrayList<>();
    private boolean diskIsFull;
    private @Nullable ConfirmPolicy last;

    private final ConfirmLog log = new ConfirmLog() {
        @Override
        public void add(Instant when, ConfirmPolicy now, long flushLsn, String why) {
            if (diskIsFull) {
                throw new QueueException(ErrorCode.QUEUE_IO, "the disk is full. Free some space.");
            }
            record.add(now + " " + flushLsn + " " + why);
            last = now;
        }

        @Override
        public @Nullable ConfirmPolicy last() {
            return last;
        }

        @Override
        public List<String> lines() {
            return record;
        }
    };

    @Test
    void autoBeginsWithTheSinks() {
        Confirmation auto = Confirmation.of(ConfirmPolicy.AUTO, log);
        assertEquals(ConfirmPolicy.SINKS, auto.inForce());
        assertFalse(auto.byQueue());
    }

    @Test
    void autoContinuesWithTheRecordedPolicy() {
        last = ConfirmPolicy.QUEUE;
        Confirmation auto = Confirmation.of(ConfirmPolicy.AUTO, log);
        assertEquals(ConfirmPolicy.QUEUE, auto.inForce());
        assertTrue(auto.byQueue());
    }

    @Test
    void theQueueCountsOnceItIsRecorded() {
        Confirmation auto = Confirmation.of(ConfirmPolicy.AUTO, log);
        auto.want(ConfirmPolicy.QUEUE, "little room");
        assertFalse(auto.byQueue());
        auto.settle(100, false);
        assertTrue(auto.byQueue());
        assertEquals(List.of("QUEUE 100 little room"), record);
    }

    @Test
    void theSinksCountAtOnceButAreRecordedWhenTheyHaveEverything() {
        last = ConfirmPolicy.QUEUE;
        Confirmation auto = Confirmation.of(ConfirmPolicy.AUTO, log);
        auto.want(ConfirmPolicy.SINKS, "room");
        assertFalse(auto.byQueue(), "no more is acknowledged on the queue's word");
        auto.settle(100, false);
        assertEquals(ConfirmPolicy.QUEUE, auto.inForce());
        assertEquals(List.of(), record);
        auto.settle(100, true);
        assertEquals(ConfirmPolicy.SINKS, auto.inForce());
        assertEquals(List.of("SINKS 100 room"), record);
    }

    @Test
    void aSwitchThatCannotBeRecordedDoesNotHappen() {
        Confirmation auto = Confirmation.of(ConfirmPolicy.AUTO, log);
        diskIsFull = true;
        auto.want(ConfirmPolicy.QUEUE, "little room");
        auto.settle(100, false);
        assertEquals(ConfirmPolicy.SINKS, auto.inForce());
        assertEquals(ConfirmPolicy.SINKS, auto.wanted(), "it may be wanted again");
        diskIsFull = false;
        auto.want(ConfirmPolicy.QUEUE, "little room");
        auto.settle(200, false);
        assertEquals(List.of("QUEUE 200 little room"), record);
    }

    @Test
    void theOtherPoliciesNeverChange() {
        Confirmation sinks = Confirmation.of(ConfirmPolicy.SINKS, log);
        sinks.want(ConfirmPolicy.QUEUE, "little room");
        sinks.settle(100, true);
        assertEquals(ConfirmPolicy.SINKS, sinks.inForce());
        assertTrue(Confirmation.of(ConfirmPolicy.QUEUE, log).byQueue());
        assertEquals(List.of(), record);
    }
}
