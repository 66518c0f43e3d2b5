package io.pgcdc.pipeline;

import io.pgcdc.life.Lifecycle;
import io.pgcdc.progress.QueueFlusher;
import io.pgcdc.progress.QueueProgress;
import org.jspecify.annotations.Nullable;

/** The flusher's thread: sees that there is something to force, and forces it some turns later. */
final class ModelFlusher implements World.Actor {

    private final World world;
    private final QueueProgress progress;
    private final QueueFlusher flusher;
    private final Lifecycle lifecycle;
    private QueueProgress.@Nullable Mark seen;

    ModelFlusher(World world, QueueProgress progress, QueueFlusher flusher, Lifecycle lifecycle) {
        this.world = world;
        this.progress = progress;
        this.flusher = flusher;
        this.lifecycle = lifecycle;
    }

    @Override
    public void act() {
        QueueProgress.Mark mark = seen;
        if (mark == null) {
            seen = progress.unforced();
        } else if (!world.once(3)) {
            seen = null;
            force(mark);
        }
    }

    /** The pipeline stops: what is left. */
    void finish() {
        for (QueueProgress.Mark mark = progress.unforced();
                mark != null && !lifecycle.failed();
                mark = progress.unforced()) {
            force(mark);
        }
    }

    private void force(QueueProgress.Mark mark) {
        try {
            flusher.force(mark);
        } catch (RuntimeException | Error e) {
            lifecycle.fail(e);
        }
    }
}
