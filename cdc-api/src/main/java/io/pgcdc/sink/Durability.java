package io.pgcdc.sink;

/** What a sink answers about a batch. */
public enum Durability {
    /** The batch and all before it survive a crash of the target. They are never sent again. */
    DURABLE,
    /** The sink has the batch but may still lose it. A later DURABLE, of a write or a flush, covers it. */
    ACCEPTED
}
