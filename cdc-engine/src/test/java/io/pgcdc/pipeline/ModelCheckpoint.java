package io.pgcdc.pipeline;

import io.pgcdc.queue.Checkpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A checkpoint's file: what was written outlives the process, what was forced outlives the machine. */
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

    /** What is certain to be found again. */
    @Nullable
    T forced() {
        return forced;
    }

    /** A new process opens it, and forces what a killed one had written. */
    ModelCheckpoint<T> open() {
        if (!unforced.isEmpty()) {
            makeForced();
        }
        return this;
    }

    /** The power is gone: one of the values since the last force is on disk, or the forced one. */
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
        // the file stays
    }
}
