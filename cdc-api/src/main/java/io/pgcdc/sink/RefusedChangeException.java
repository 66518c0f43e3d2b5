package io.pgcdc.sink;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.model.Position;
import org.jspecify.annotations.Nullable;

/**
 * The target refuses one change, and would refuse it each time: a value does not fit, or a constraint is violated. Thrown by the
 * {@link Sink#write} whose batch holds the change. With {@code dead_letter}, the change goes to the sink's dead-letter file, and
 * the same batch comes again without it. Otherwise the sink fails permanently.
 */
public final class RefusedChangeException extends SinkException {

    private static final long serialVersionUID = 1;

    private final transient Position position;

    /**
     * Creates the error of one change.
     *
     * @param message what happened, where (without the position, which is added), and what to do; without row values
     */
    public RefusedChangeException(Position position, String message, @Nullable Throwable cause) {
        super(ErrorCode.CHANGE_REFUSED, message, cause);
        this.position = position;
    }

    public Position position() {
        return position;
    }
}
