package io.pgcdc.capture;

import org.jspecify.annotations.Nullable;

/** The snapshots of a run, as capture sees them. Capture thread. */
public interface SnapshotWork {

    /** There are none. */
    SnapshotWork NONE = new SnapshotWork() {
        @Override
        public void tend() {}

        @Override
        public boolean isDone() {
            return true;
        }

        @Override
        public boolean isQuiet() {
            return true;
        }

        @Override
        public @Nullable Throwable failure() {
            return null;
        }
    };

    /** Ends and begins snapshots. Called when another thread asks for it. */
    void tend();

    /** Returns true if no row comes any more in this run, and all are durable in the queue. */
    boolean isDone();

    /** Returns the first error that ended a snapshot in this run; null: none did. */
    @Nullable
    Throwable failure();

    /** Returns true if no sink waits for rows, also not for those of a snapshot that failed: each sink has the rows that a change needs. */
    boolean isQuiet();
}
