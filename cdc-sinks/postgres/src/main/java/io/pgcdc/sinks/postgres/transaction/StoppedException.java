package io.pgcdc.sinks.postgres.transaction;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.model.Position;

/**
 * An applier cannot go on with a change before a person has decided something. The transactions of the source before that change are committed,
 * so that what the person finds in the target is the state in question.
 */
public final class StoppedException extends SinkException {

    private static final long serialVersionUID = 1;

    private final transient Position position;

    /**
     * Stops a sink before a change.
     *
     * @param position of the change; nothing of its transaction is kept
     * @param what happened, and what to do
     */
    public StoppedException(ErrorCode code, String sink, Position position, String what) {
        super(code, "sink \"" + sink + "\" stops before " + position + ": " + what);
        this.position = position;
    }

    Position position() {
        return position;
    }
}
