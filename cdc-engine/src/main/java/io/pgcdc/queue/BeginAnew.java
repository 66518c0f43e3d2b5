package io.pgcdc.queue;

/** What a message advises when a file of the queue is damaged or gone. */
public final class BeginAnew {

    /** An older copy of the directory ends before the slot's position, which CDC-119 then refuses. */
    public static final String REMEDY =
            ". An older copy of the directory will not do, for the slot has moved on since. Begin a new queue with another --queue-dir:"
                    + " sinks that keep their own positions go on from them (docs/explanation/reliability.md).";

    private BeginAnew() {}
}
