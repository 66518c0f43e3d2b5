package io.pgcdc.delivery;

import io.pgcdc.life.Clock;
import io.pgcdc.progress.SinkProgress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Why a sink stands still, if it does: it was paused, or has failed. Tells the log at the beginning, once a minute, and at the end. The sink's thread. */
final class Halt {

    private static final Logger LOG = LoggerFactory.getLogger(Halt.class);
    private static final long REMIND_MS = 60_000;

    private final String name;
    private final SinkProgress progress;
    private final Clock clock;
    private @Nullable Throwable failure;
    private boolean paused;
    private long toldNanos;

    Halt(String name, SinkProgress progress, Clock clock) {
        this.name = name;
        this.progress = progress;
        this.clock = clock;
    }

    boolean isHalted() {
        return paused || failure != null;
    }

    boolean isPaused() {
        return paused;
    }

    /** Returns the error that the sink has failed with; null: it has not. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    /** Notes that the sink has failed. {@link #sayFailed} tells the log. */
    void fail(Throwable error) {
        failure = error;
        progress.fail(error);
    }

    void sayFailed() {
        toldNanos = clock.nanos();
        Throwable error = failure;
        if (error != null) {
            LOG.error(
                    "sink {} has stopped, the others continue: {} It has {}; the queue keeps the later changes for it. Remove the"
                            + " cause, then: cdc retry --sink {}",
                    name,
                    RequestRefusals.describe(error),
                    progress.describe(),
                    name);
        }
    }

    /** Another object takes the failed sink's place. */
    void startAgain() {
        failure = null;
        progress.startAgain();
        LOG.info("sink {} is started again; it has {}", name, progress.describe());
    }

    /** Call it only when all that the sink accepted is durable. */
    void pause() {
        if (!paused) {
            paused = true;
            progress.paused(true);
            progress.force();
            toldNanos = clock.nanos();
            LOG.info("sink {} is paused; it has {}", name, progress.describe());
        }
    }

    /** Returns false if it was not paused. */
    boolean resume() {
        if (!paused) {
            return false;
        }
        paused = false;
        progress.paused(false);
        LOG.info("sink {} is resumed", name);
        return true;
    }

    /** Once a minute, says again that the sink stands still. */
    void remind() {
        if (clock.nanos() - toldNanos < TimeUnit.MILLISECONDS.toNanos(REMIND_MS)) {
            return;
        }
        if (failure != null) {
            sayFailed();
            return;
        }
        toldNanos = clock.nanos();
        LOG.info(
                "sink {} is still paused, and has {}; the queue keeps the later changes for it",
                name,
                progress.describe());
    }
}
