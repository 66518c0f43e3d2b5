package io.pgcdc.queue.memory;

import io.pgcdc.queue.Checkpoint;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A value in memory that began as somebody else kept it. Belongs to one thread. */
public final class MemoryCheckpoint<T> implements Checkpoint<T> {

    private @Nullable T current;
    private boolean moved;
    private final Consumer<T> told;

    /**
     * Begins with what was kept.
     *
     * @param kept null: nothing was
     * @param told is told each new value
     */
    public MemoryCheckpoint(@Nullable T kept, Consumer<T> told) {
        current = kept;
        moved = kept != null;
        this.told = told;
    }

    @Override
    public @Nullable T current() {
        return current;
    }

    @Override
    public boolean hasMoved() {
        return moved;
    }

    @Override
    public void write(T value) {
        moved = current != null;
        if (!value.equals(current)) {
            current = value;
            told.accept(value);
        }
    }

    @Override
    public void force() {
        // there is no disk
    }

    @Override
    public void close() {}
}
