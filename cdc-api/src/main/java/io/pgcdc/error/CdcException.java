package io.pgcdc.error;

import org.jspecify.annotations.Nullable;

/**
 * An error from outside the program: configuration, server, disk, target. The message reads <em>what happened; where; what to
 * do</em>. It is printed after the code:
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

    /** Returns whether trying again can help. */
    public final Retry retry() {
        return code.retry();
    }

    /** Returns code and message, as they are printed. */
    public final String describe() {
        return code + " " + getMessage();
    }
}
