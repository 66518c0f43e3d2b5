package io.pgcdc.model;

/** The options of a TRUNCATE. A flyweight, like the change it belongs to. */
public interface TruncateView {

    /** Returns whether the statement had CASCADE. */
    boolean cascade();

    /** Returns whether the statement had RESTART IDENTITY. */
    boolean restartIdentity();
}
