package io.pgcdc.pipeline;

import io.pgcdc.life.Clock;
import io.pgcdc.snapshot.ModelSnapshotServer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Chance, time and fate of a simulated run, on one thread. Whoever waits, or does something that others could see, passes through here:
 * then the others get their turns, nested in the waiting one's, and it is decided whether the process lives on.
 */
final class World implements Clock, ModelSnapshotServer.World {

    /** How a run of the process ends. */
    enum End {
        CAUGHT_UP,
        STOPPED,
        KILLED,
        POWER_LOST
    }

    /** A thread of the process, or a part of the world outside. It takes a turn and returns. */
    interface Actor {
        void act();
    }

    /** More steps than any run needs. A run that exceeds it is in an endless loop. */
    private static final long MOST_STEPS = 400_000;

    final SplittableRandom chance;
    private final List<Actor> actors = new ArrayList<>();
    private final List<Actor> acting = new ArrayList<>();
    private long nanos = 1;
    private long steps;
    private long stepsLeft;
    private End end = End.CAUGHT_UP;
    private Runnable stop = () -> {};
    private boolean dead;

    /** True if things fail as planned, not at random. */
    private boolean planned;

    /** Occasions to fail until the planned one. Below 1 once it has passed. */
    private long occasionsLeft;

    private @Nullable AssertionError violation;

    World(long seed) {
        chance = new SplittableRandom(seed);
    }

    /** Begins a new process. */
    void begin(End newEnd, long afterSteps, Runnable orderlyStop, List<? extends Actor> others) {
        end = newEnd;
        stepsLeft = afterSteps;
        stop = orderlyStop;
        actors.clear();
        actors.addAll(others);
        acting.clear();
    }

    /** Has the process end within this number of steps, if it is to end at all. */
    void hasten(int mostSteps) {
        stepsLeft = Math.min(stepsLeft, 1L + chance.nextInt(mostSteps));
    }

    /** From now on exactly one thing fails: at the occasion with this number, counted from 1; 0: nothing fails. */
    void failOnlyAt(long occasion) {
        planned = true;
        occasionsLeft = occasion;
    }

    /** Returns true if the planned failure has happened. */
    boolean hasFailed() {
        return planned && occasionsLeft < 1;
    }

    /** Adds an actor to this process. */
    void add(Actor actor) {
        actors.add(actor);
    }

    /** Returns true if faults may happen: in all runs but the last. */
    boolean faulty() {
        return end != End.CAUGHT_UP;
    }

    /** Returns true once in that many times, or as planned. Never in the last run. */
    boolean mishap(int onceIn) {
        return planned ? --occasionsLeft == 0 : faulty() && chance.nextInt(onceIn) == 0;
    }

    @Override
    public boolean once(int in) {
        return chance.nextInt(in) == 0;
    }

    @Override
    public void steps() {
        if (once(2)) {
            others();
        }
    }

    @Override
    public boolean breaks() {
        return mishap(100);
    }

    /** Marks a step that others can see. The process may end at it. */
    void tick() {
        if (dead) {
            throw new ModelDeath();
        }
        if (++steps > MOST_STEPS) {
            throw violated("it does not come to an end");
        }
        if (--stepsLeft == 0) {
            if (end == End.KILLED || end == End.POWER_LOST) {
                dead = true;
                throw new ModelDeath();
            }
            if (end == End.STOPPED) {
                stop.run();
            }
        }
    }

    /** Gives the other actors some turns. */
    void others() {
        tick();
        if (ModelThread.paused()) {
            return;
        }
        for (int turns = chance.nextInt(4); turns > 0 && !actors.isEmpty(); turns--) {
            Actor actor = actors.get(chance.nextInt(actors.size()));
            if (!acting.contains(actor)) {
                acting.add(actor);
                actor.act();
                acting.remove(actor);
            }
        }
    }

    boolean isDead() {
        return dead;
    }

    /** Starts the machine again. */
    void revive() {
        dead = false;
    }

    /** Notes that a promise is broken, and ends the process. Returns the error to throw. */
    AssertionError violated(String what) {
        AssertionError error = new AssertionError(what);
        if (violation == null) {
            violation = error;
        }
        dead = true;
        return error;
    }

    /** Throws the first broken promise, even if the code under test caught it. */
    void rethrow() {
        if (violation != null) {
            throw violation;
        }
    }

    void advance(long microseconds) {
        nanos += TimeUnit.MICROSECONDS.toNanos(microseconds);
    }

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public void await(CountDownLatch latch, long milliseconds) {
        tick();
        if (latch.getCount() > 0) {
            nanos += TimeUnit.MILLISECONDS.toNanos(milliseconds);
            others();
        }
    }

    @Override
    public long jitter(long milliseconds) {
        return milliseconds / 2 + chance.nextLong(milliseconds / 2 + 1);
    }
}
