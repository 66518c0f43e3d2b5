package io.pgcdc.sinks.postgres.transaction;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.model.Position;

/**
 * The applier cannot apply a change until a person decides something. All earlier transactions of the source are committed first,
 * so the target shows the state in question.
 */
public final class StoppedException extends SinkException {

    private static final long serialVersionUID = 1;

    private final transient Position position;

    /**
     * Creates the error that stops a sink before a change.
     *
     * @param position of the change; nothing of its transaction is kept
     * @param what what happened, and what to do
     */
    public StoppedException(ErrorCode code, String sink, Position position, String what) {
        super(code, "sink \"" + sink + "\" stops before " + position + ": " + what);
        this.position = position;
    }

    Position position() {
        return position;
    }
}
