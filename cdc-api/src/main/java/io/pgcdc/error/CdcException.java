package io.pgcdc.error;

import org.jspecify.annotations.Nullable;

/**
 * Anything that the world did to us. The message reads <em>what happened; where; what to do</em> and is printed after the code:
 * {@code CDC-104 slot "orders" is in use by process 812. Stop that consumer or choose another --slot.}
 */
public abstract sealed class CdcException extends RuntimeException
        permits ConfigException, SourceException, DecodeException, QueueException, SinkException, InternalException {

    private final ErrorCode code;

    CdcException(ErrorCode code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public final ErrorCode code() {
        return code;
    }

    /** What trying again can bring. */
    public final Retry retry() {
        return code.retry();
    }

    /** Code and message, as a person sees them. */
    public final String describe() {
        return code + " " + getMessage();
    }
}
