package io.pgcdc.pipeline;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import io.pgcdc.queue.ConfirmLog;
import io.pgcdc.queue.ConfirmPolicy;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The switches of a simulated machine. What is written survives everything; the disk may be full. */
final class ModelConfirmLog implements ConfirmLog {

    private final World world;
    private @Nullable ConfirmPolicy last;
    private int switches;

    ModelConfirmLog(World world) {
        this.world = world;
    }

    /** Returns how often the policy was switched. */
    int switches() {
        return switches;
    }

    @Override
    public void add(Instant when, ConfirmPolicy now, long flushLsn, String why) {
        world.tick();
        if (world.mishap(6)) {
            throw new QueueException(ErrorCode.QUEUE_IO, "the disk is full. Free some space.");
        }
        last = now;
        switches++;
        world.tick();
    }

    @Override
    public @Nullable ConfirmPolicy last() {
        return last;
    }

    @Override
    public List<String> lines() {
        return List.of();
    }
}
