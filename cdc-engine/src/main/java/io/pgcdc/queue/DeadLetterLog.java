package io.pgcdc.queue;

/** Lines of changes that a sink's target refused. Belongs to the sink's thread. */
public interface DeadLetterLog {

    /** For messages: where a person finds the lines. */
    String where();

    /**
     * Adds a line, durable when this returns.
     *
     * @param line without a line end
     */
    void add(byte[] line);
}
