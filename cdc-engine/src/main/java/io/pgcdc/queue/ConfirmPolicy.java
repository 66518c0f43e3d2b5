package io.pgcdc.queue;

/** What makes a change safe enough to be acknowledged to the source's server. */
public enum ConfirmPolicy {
    /** Durable in every sink. A slow or dead sink holds WAL on the primary. */
    SINKS,
    /** Synced to the local queue. Frees the primary's WAL at once; losing the queue's disk then loses changes. */
    QUEUE
}
