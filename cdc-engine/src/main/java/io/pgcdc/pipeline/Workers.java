package io.pgcdc.pipeline;

import io.pgcdc.life.Lifecycle;
import io.pgcdc.life.Worker;

/** Runs the workers of a run, on threads or in a simulation. Capture is not one of them. */
interface Workers {

    /**
     * Starts a worker.
     *
     * @param role the name of the work, for logs
     */
    void start(String role, Worker worker);

    /**
     * Waits until all workers have ended. Call it after a stop.
     *
     * @param timeoutMs the longest wait. A worker that still runs after it is given up, with its later errors
     */
    void join(long timeoutMs, Lifecycle lifecycle);
}
