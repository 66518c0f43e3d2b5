package io.pgcdc.testkit.sink;

import io.pgcdc.model.Position;
import io.pgcdc.sink.Sink;
import java.util.List;

/** A sink's target, as its test sees it. The test reads it, makes it fail, and makes it lose what was not durable. */
public interface FaultyTarget extends AutoCloseable {

    /**
     * One change that arrived.
     *
     * @param content everything that the sink wrote of it, in any form that is equal for equal changes
     */
    record Received(Position position, String content) {}

    /**
     * Returns a new opened sink on the target, as a new process would create it. Earlier sinks are closed, or crashed with {@link
     * #crash}.
     */
    Sink open();

    /**
     * Returns the target's content, durable or not, in order of arrival. If the target keeps a state and not each change, returns
     * its rows in some order, with any position.
     */
    List<Received> received();

    /**
     * Makes one of the next operations on the target fail in a way that may pass. It may have done a part of its work. Later
     * operations succeed.
     *
     * @param operations how many operations succeed before it
     */
    void failAfter(int operations);

    /** Returns whether the failure of {@link #failAfter} has happened. */
    boolean hasFailed();

    /** Crashes target and sink at once: everything that was not durable is lost. The current sink is not called again. */
    void crash();

    /** Returns whether a change never arrives twice, in any case. Otherwise it may repeat, with equal content. */
    boolean exactlyOnce();

    @Override
    void close();
}
