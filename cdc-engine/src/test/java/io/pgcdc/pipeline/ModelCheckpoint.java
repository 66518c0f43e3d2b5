package io.pgcdc.pipeline;

import io.pgcdc.queue.Checkpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A checkpoint's file. Written values survive the process; forced values survive a power failure. */
final class ModelCheckpoint<T> implements Checkpoint<T> {

    private final World world;
    private final Consumer<T> judge;
    private final List<T> unforced = new ArrayList<>();
    private @Nullable T forced;
    private int writes;

    /** @param judge is shown what is written */
    ModelCheckpoint(World world, Consumer<T> judge) {
        this.world = world;
        this.judge = judge;
    }

    /** Returns the value that is certain to survive. */
    @Nullable
    T forced() {
        return forced;
    }

    /** Opens it in a new process, which forces the value that a killed one had written. */
    ModelCheckpoint<T> open() {
        if (!unforced.isEmpty()) {
            makeForced();
        }
        return this;
    }

    /** Simulates a power failure: the disk has the forced value, or one written after it. */
    void losePower() {
        if (!unforced.isEmpty() && world.chance.nextBoolean()) {
            forced = unforced.get(world.chance.nextInt(unforced.size()));
        }
        unforced.clear();
    }

    @Override
    public @Nullable T current() {
        return unforced.isEmpty() ? forced : unforced.get(unforced.size() - 1);
    }

    @Override
    public boolean hasMoved() {
        return writes > 1;
    }

    @Override
    public void write(T value) {
        world.tick();
        judge.accept(value);
        writes++;
        unforced.add(value);
        if (forced == null) {
            makeForced();
        }
        world.tick();
    }

    @Override
    public void force() {
        world.tick();
        makeForced();
        world.tick();
    }

    private void makeForced() {
        forced = current();
        unforced.clear();
    }

    @Override
    public void close() {
        // the file survives
    }
}
