package io.pgcdc.queue;

/** Keeps the changes that a sink's target refused, one line each. Belongs to the sink's thread. */
public interface DeadLetterLog {

    /** Returns the place of the lines, for messages. */
    String where();

    /**
     * Adds a line. It is durable when this returns.
     *
     * @param line without a line end
     */
    void add(byte[] line);
}
