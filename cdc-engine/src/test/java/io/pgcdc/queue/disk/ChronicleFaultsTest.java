package io.pgcdc.queue.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import io.pgcdc.life.Clock;
import io.pgcdc.life.Lifecycle;
import org.junit.jupiter.api.Test;

class ChronicleFaultsTest {

    private final Error fault = new InternalError("a fault occurred in an unsafe memory access operation");

    private static Lifecycle lifecycle() {
        return new Lifecycle(Clock.SYSTEM, ChronicleFaults::explain, ChronicleFaults::isOfAnEndingJvm);
    }

    @Test
    void faultOfAMappedPageIsAnErrorOfTheQueue() {
        QueueException explained = assertInstanceOf(QueueException.class, ChronicleFaults.explain(fault));
        assertEquals(ErrorCode.QUEUE_IO, explained.code());
        assertSame(fault, explained.getCause());
    }

    @Test
    void otherErrorsAreUnchanged() {
        Throwable other = new OutOfMemoryError("Java heap space");
        assertSame(other, ChronicleFaults.explain(other));
        assertFalse(ChronicleFaults.isOfAnEndingJvm(other));
    }

    @Test
    void loadFailureAtAStopIsHarmless() {
        Lifecycle stopping = lifecycle();
        stopping.stop();
        QueueException notLoaded = ChronicleFaults.notLoaded(new NoClassDefFoundError("net/openhft/X"));
        assertTrue(ChronicleFaults.isOfAnEndingJvm(notLoaded));
        stopping.fail(notLoaded);
        assertFalse(stopping.failed());
        stopping.rethrow();
    }

    @Test
    void loadFailureEndsARunThatWasNotStopped() {
        Lifecycle running = lifecycle();
        running.fail(new NoClassDefFoundError("net/openhft/X"));
        assertTrue(running.stopping());
        assertEquals(
                ErrorCode.QUEUE_IO,
                assertThrows(QueueException.class, running::rethrow).code());
    }

    @Test
    void faultAtAStopIsStillReported() {
        Lifecycle stopping = lifecycle();
        stopping.stop();
        stopping.fail(fault);
        assertEquals(
                ErrorCode.QUEUE_IO,
                assertThrows(QueueException.class, stopping::rethrow).code());
    }
}
