package io.pgcdc.connect.task;

/** Thrown in the sink's thread if nobody takes records any more: the task stops. */
final class HandOverEnded extends RuntimeException {

    private static final long serialVersionUID = 1;

    HandOverEnded(InterruptedException cause) {
        super("the task stops", cause);
    }
}
