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
     * Starts a worker that asks a server and that no other work depends on. A stop aborts it, and does not fail if it hangs.
     *
     * @param role the name of the work, for logs
     */
    void startAside(String role, Worker worker);

    /**
     * Waits until all workers have ended. Call it after a stop.
     *
     * @param timeoutMs the longest wait. A worker that still runs after it, except one aside, is given up, with its later errors
     */
    void join(long timeoutMs, Lifecycle lifecycle);
}
