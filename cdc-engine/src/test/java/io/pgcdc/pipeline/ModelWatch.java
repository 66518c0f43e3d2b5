package io.pgcdc.pipeline;

import io.pgcdc.life.Worker;
import io.pgcdc.progress.Confirmation;
import io.pgcdc.queue.ConfirmPolicy;

/** Switches the confirm policy at random moments, more often than any real watch. */
final class ModelWatch implements Worker {

    private final World world;
    private final Confirmation confirmation;

    ModelWatch(World world, Confirmation confirmation) {
        this.world = world;
        this.confirmation = confirmation;
    }

    @Override
    public boolean turn(long waitMs) {
        if (world.once(10)) {
            confirmation.want(world.once(2) ? ConfirmPolicy.SINKS : ConfirmPolicy.QUEUE, "at random");
        }
        return true;
    }

    @Override
    public void end() {}
}
