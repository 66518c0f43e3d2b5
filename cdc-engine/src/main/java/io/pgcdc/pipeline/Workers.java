package io.pgcdc.pipeline;

import io.pgcdc.life.Lifecycle;
import io.pgcdc.life.Worker;

/** Does the work of a run beside capture: threads, or a simulation of them. */
interface Workers {

    /** @param role names the work, for logs */
    void start(String role, Worker worker);

    /**
     * Waits until all work has ended. To be called after a stop was asked for.
     *
     * @param timeoutMs after it, a worker that has not ended is reported as an error
     */
    void join(long timeoutMs, Lifecycle lifecycle);
}
