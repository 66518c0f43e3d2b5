package io.pgcdc.testkit.sink;

import io.pgcdc.model.Position;
import io.pgcdc.sink.Sink;
import java.util.List;

/** What a sink writes to, as its test sees it: it can be read, made to fail, and made to lose what was not durable. */
public interface FaultyTarget extends AutoCloseable {

    /**
     * One change that arrived.
     *
     * @param content all that the sink wrote of it, in any form that equal changes share
     */
    record Received(Position position, String content) {}

    /**
     * A new sink on the target, opened, as a new process would make it. Earlier ones are closed, or were left behind by {@link #crash}.
     */
    Sink open();

    /**
     * What the target holds durably or not, in the order in which it arrived. Of a target that keeps a state, not each change: its rows in
     * some order, with whatever position.
     */
    List<Received> received();

    /**
     * One of the next operations on the target fails in a way that may pass, perhaps having done a part of its work; the ones after it
     * succeed again.
     *
     * @param operations how many succeed before it
     */
    void failAfter(int operations);

    /** Whether the failure that {@link #failAfter} ordered has happened. */
    boolean hasFailed();

    /** Target and sink go down at once: what was not made durable is lost. The sink at work is not called again. */
    void crash();

    /** Whether a change never arrives twice, whatever happens; else it may come again, equal to itself. */
    boolean exactlyOnce();

    @Override
    void close();
}
