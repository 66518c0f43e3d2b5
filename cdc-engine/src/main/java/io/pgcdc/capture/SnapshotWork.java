package io.pgcdc.capture;

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
    };

    /** Ends and begins snapshots. Called when another thread asks for it. */
    void tend();

    /** Returns true if no row comes any more, and all are durable in the queue. */
    boolean isDone();
}
