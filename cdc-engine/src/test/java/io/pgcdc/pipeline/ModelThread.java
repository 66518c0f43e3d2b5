package io.pgcdc.pipeline;

import io.pgcdc.life.Worker;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * A worker with a thread of its own, which runs only while it acts: a turn may stop in the middle, so that the others go on, and continue when
 * it acts again.
 */
final class ModelThread implements World.Actor {

    private static final ThreadLocal<@Nullable ModelThread> CURRENT = new ThreadLocal<>();

    private static final int MOST_IDLE = 40;

    private final Worker worker;
    private final Thread thread;
    private final Semaphore go = new Semaphore(0);
    private final Semaphore back = new Semaphore(0);
    private boolean killed;
    private boolean ended;

    /** True if the turn has stopped in the middle. */
    private boolean worked;

    /** Turns without work since the last one with some, and how many calls are left out before the next: a change of threads takes long. */
    private int idle;

    private int leftOut;

    ModelThread(String name, Worker worker) {
        this.worker = worker;
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Lets the others go on, if the calling thread is a worker's. Returns false if it is not. */
    static boolean paused() {
        ModelThread current = CURRENT.get();
        if (current != null) {
            current.worked = true;
            current.pause();
        }
        return current != null;
    }

    private void pause() {
        back.release();
        go.acquireUninterruptibly();
        if (killed) {
            throw new ModelDeath();
        }
    }

    private void run() {
        CURRENT.set(this);
        go.acquireUninterruptibly();
        try {
            while (!killed && worker.turn(0)) {
                pause();
            }
        } catch (ModelDeath death) {
            // the process has ended
        } finally {
            ended = true;
            back.release();
        }
    }

    @Override
    public void act() {
        if (leftOut > 0) {
            leftOut--;
            return;
        }
        work();
        idle = worked ? 0 : Math.min(MOST_IDLE, idle + 1);
        leftOut = idle;
    }

    private void work() {
        worked = false;
        if (!ended) {
            go.release();
            back.acquireUninterruptibly();
        }
    }

    /** Does the last turns. */
    void end() {
        while (!ended) {
            work();
        }
        worker.end();
    }

    /** Ends it where it stands, as the process dies. */
    void kill() {
        killed = true;
        while (!ended) {
            work();
        }
    }
}
