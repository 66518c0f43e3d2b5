package io.pgcdc.error;

import org.jspecify.annotations.Nullable;

/** A sink or its target. */
public non-sealed class SinkException extends CdcException {

    public SinkException(ErrorCode code, String message) {
        this(code, message, null);
    }

    public SinkException(ErrorCode code, String message, @Nullable Throwable cause) {
        super(code, message, cause);
    }
}
