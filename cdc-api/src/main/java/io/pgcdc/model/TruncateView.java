package io.pgcdc.model;

/** The options of a TRUNCATE. A flyweight, like the change it belongs to. */
public interface TruncateView {

    /** Whether it was written with CASCADE. */
    boolean cascade();

    /** Whether it was written with RESTART IDENTITY. */
    boolean restartIdentity();
}
