package io.pgcdc.sink;

/** What a sink knows of a batch it was given. */
public enum Durability {
    /** The batch, and all before it, survive a crash of the target: it need never be sent again. */
    DURABLE,
    /** The sink has the batch and may still lose it; a later DURABLE, of a write or a flush, covers it. */
    ACCEPTED
}
