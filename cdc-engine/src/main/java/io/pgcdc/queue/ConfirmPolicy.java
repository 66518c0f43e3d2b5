package io.pgcdc.queue;

/** The condition under which a change is acknowledged to the source's server. */
public enum ConfirmPolicy {
    /** The change is durable in every sink. A slow or dead sink holds WAL on the primary. */
    SINKS,
    /** The change is synced to the local queue. This frees the primary's WAL at once, but losing the queue's disk loses changes. */
    QUEUE,
    /** {@link #SINKS}, and {@link #QUEUE} while the primary is about to run out of room for the WAL that the slot holds. */
    AUTO
}
