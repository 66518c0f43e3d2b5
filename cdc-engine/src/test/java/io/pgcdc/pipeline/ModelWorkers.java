package io.pgcdc.pipeline;

import io.pgcdc.life.Lifecycle;
import io.pgcdc.life.Worker;
import java.util.ArrayList;
import java.util.List;

/** The workers of a simulated process, as actors. The world chooses whose turn is next. */
final class ModelWorkers implements Workers {

    private final World world;
    private final Runnable stopping;
    private final List<Actor> actors = new ArrayList<>();
    private final List<ModelThread> threads = new ArrayList<>();

    /** @param stopping called when the run has stopped, before its work ends */
    ModelWorkers(World world, Runnable stopping) {
        this.world = world;
        this.stopping = stopping;
    }

    @Override
    public void start(String role, Worker worker) {
        if (role.startsWith("snapshot")) {
            ModelThread thread = new ModelThread(role, worker); // changes are streamed while it reads
            threads.add(thread);
            world.add(thread);
        } else {
            Actor actor = new Actor(worker);
            actors.add(actor);
            world.add(actor);
        }
    }

    /** The watch takes turns until the run has stopped. */
    @Override
    public void startAside(String role, Worker worker) {
        world.add(() -> worker.turn(0));
    }

    @Override
    public void join(long timeoutMs, Lifecycle lifecycle) {
        stopping.run();
        actors.forEach(Actor::end);
        threads.forEach(ModelThread::end);
    }

    /** Ends the threads of a process that has died. */
    void kill() {
        threads.forEach(ModelThread::kill);
    }

    private static final class Actor implements World.Actor {

        private final Worker worker;
        private boolean goesOn = true;

        Actor(Worker worker) {
            this.worker = worker;
        }

        @Override
        public void act() {
            goesOn = goesOn && worker.turn(0);
        }

        void end() {
            while (goesOn) {
                act();
            }
            worker.end();
        }
    }
}
