package io.pgcdc.snapshot;

import io.pgcdc.queue.SegmentStore;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where tables begin and end in a snapshot that reconciles sinks. The sizes of tables are read after their beginnings are durable in the queue, so
 * that every later row comes as a change after its table's beginning. One thread at a time.
 */
final class MarkerWork {

    private enum Stage {
        NONE,
        BEGINNING,
        ENDING
    }

    private Stage stage = Stage.NONE;
    private final Deque<ChunkReconcile> waiting = new ArrayDeque<>();
    private int inWork;
    private long lastIndex = SegmentStore.NONE;

    /** Begins to write the beginnings, or ends, of tables. */
    void write(List<SnapshotTable> tables, boolean begins) {
        stage = begins ? Stage.BEGINNING : Stage.ENDING;
        waiting.clear();
        tables.forEach(table -> waiting.add(new ChunkReconcile(table, begins)));
    }

    /** Nothing more is to be written now. */
    void stop() {
        stage = Stage.NONE;
        waiting.clear();
    }

    /** Returns true if rows are not read now. */
    boolean isActive() {
        return stage != Stage.NONE;
    }

    boolean isEnding() {
        return stage == Stage.ENDING;
    }

    /** Returns the next one to write; null: none waits. */
    @Nullable
    ChunkReconcile next() {
        ChunkReconcile marker = waiting.poll();
        inWork += marker == null ? 0 : 1;
        return marker;
    }

    /** Takes one back that was not written. */
    void giveBack(ChunkReconcile marker) {
        inWork--;
        if (stage == (marker.begins() ? Stage.BEGINNING : Stage.ENDING)) {
            waiting.addFirst(marker);
        }
    }

    /** Notes that one is in the queue. */
    void appended(long index) {
        inWork--;
        lastIndex = index;
    }

    /** Returns true if all are durable in the queue. */
    boolean isDurable(long through) {
        return waiting.isEmpty() && inWork == 0 && lastIndex <= through;
    }
}
