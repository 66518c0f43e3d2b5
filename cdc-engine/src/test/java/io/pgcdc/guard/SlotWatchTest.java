package io.pgcdc.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.life.Lifecycle;
import io.pgcdc.life.SetClock;
import io.pgcdc.progress.Acknowledgement;
import io.pgcdc.progress.Confirmation;
import io.pgcdc.progress.QueueProgress;
import io.pgcdc.queue.ConfirmLog;
import io.pgcdc.queue.ConfirmPolicy;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When the watch looks, and what it does if nobody answers. */
class SlotWatchTest {

    private static final long MB = Readings.MB;

    private final SetClock clock = new SetClock();
    private final Lifecycle lifecycle = new Lifecycle(clock);
    private final Server server = new Server();
    private final QueueProgress queue = new QueueProgress(new QueueProgress.Mark(1, 100 * MB, 100 * MB));
    private final Confirmation confirmation = Confirmation.of(ConfirmPolicy.AUTO, new NoLog());
    private long walEnd = 100 * MB;

    private final SlotWatch watch = new SlotWatch(
            server,
            "s",
            new Watched(() -> walEnd, new Acknowledgement(100 * MB, 100 * MB), queue, Map.of(), confirmation),
            lifecycle,
            new SlotWatch.Limits(5_000, 50, 300_000));

    /** A server whose slot stands at 100 MB, with a limit of 1000 MB. */
    private final class Server implements SlotSource {
        private int looks;
        private boolean silent;

        @Override
        public SlotReading read(long nanos) {
            looks++;
            if (silent) {
                throw new SourceException(ErrorCode.CONNECTION_LOST, "nobody answers. Wait.");
            }
            return new SlotReading(
                    nanos,
                    Instant.EPOCH,
                    true,
                    100 * MB,
                    100 * MB,
                    "extended",
                    walEnd,
                    Readings.LIMIT - (walEnd - 100 * MB),
                    Readings.LIMIT,
                    null,
                    null,
                    null);
        }

        @Override
        public void noteTransactions() {}

        @Override
        public boolean moved() {
            return false;
        }

        @Override
        public void abort() {}

        @Override
        public void close() {}
    }

    private static final class NoLog implements ConfirmLog {
        @Override
        public void add(Instant when, ConfirmPolicy now, long flushLsn, String why) {}

        @Override
        public @Nullable ConfirmPolicy last() {
            return null;
        }

        @Override
        public List<String> lines() {
            return List.of();
        }
    }

    private void advanceMs(long milliseconds) {
        clock.advanceMs(milliseconds);
        assertTrue(watch.turn(0));
    }

    @Test
    void itLooksAtOnceAndThenAtTheInterval() {
        assertNull(watch.last());
        advanceMs(0);
        assertEquals(1, server.looks);
        advanceMs(4_999);
        assertEquals(1, server.looks);
        advanceMs(1);
        assertEquals(2, server.looks);
    }

    @Test
    void itLooksSoonerWhenTheRoomShrinks() {
        advanceMs(0);
        walEnd += 100 * MB;
        advanceMs(500);
        assertEquals(1, server.looks, "a tenth of the room");
        walEnd += 50 * MB;
        advanceMs(0);
        assertEquals(2, server.looks, "more than an eighth");
    }

    @Test
    void aServerThatDoesNotAnswerIsNotedAndAskedAgain() {
        advanceMs(0);
        server.silent = true;
        advanceMs(5_000);
        SlotLook look = watch.last();
        assertNotNull(look);
        assertEquals("CDC-114 nobody answers. Wait.", look.error());
        assertNotNull(look.reading(), "the last answer");
        for (int i = 0; i < 30; i++) {
            advanceMs(5_000);
        }
        int asked = server.looks;
        assertTrue(asked < 20, asked + " looks: the pauses grow");
        server.silent = false;
        advanceMs(60_000);
        look = watch.last();
        assertNotNull(look);
        assertNull(look.error());
        assertFalse(lifecycle.stopping());
    }

    /** The stream goes on, and tells how far the server is. */
    @Test
    void aSilentServerIsProtectedAllTheSame() {
        advanceMs(0);
        queue.durable(new QueueProgress.Mark(2, 700 * MB, 700 * MB));
        server.silent = true;
        walEnd = 700 * MB;
        assertEquals(ConfirmPolicy.SINKS, confirmation.wanted());
        advanceMs(5_000);
        assertEquals(ConfirmPolicy.QUEUE, confirmation.wanted());
    }

    @Test
    void aStopEndsIt() {
        advanceMs(0);
        lifecycle.stop();
        assertFalse(watch.turn(0));
    }
}
