package io.pgcdc.sinks.postgres.transaction;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.model.Position;

/**
 * The applier cannot apply a change until a person decides something. The sink first commits all earlier transactions of the source,
 * so the target shows the state just before the change.
 */
public final class StoppedException extends SinkException {

    private static final long serialVersionUID = 1;

    private final transient Position position;

    /**
     * Creates the error that stops a sink before a change.
     *
     * @param position the change's position; the target keeps no change of its transaction
     * @param what the message: the problem, and the remedy
     */
    public StoppedException(ErrorCode code, String sink, Position position, String what) {
        // of failures at different places each counts alone
        super(code, "sink \"" + sink + "\" stops before " + position + ": " + what, null, position.toString());
        this.position = position;
    }

    Position position() {
        return position;
    }
}
