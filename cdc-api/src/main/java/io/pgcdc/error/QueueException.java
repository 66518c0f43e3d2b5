package io.pgcdc.error;

import org.jspecify.annotations.Nullable;

/** An error of the local queue. */
public final class QueueException extends CdcException {

    public QueueException(ErrorCode code, String message) {
        this(code, message, null);
    }

    public QueueException(ErrorCode code, String message, @Nullable Throwable cause) {
        super(code, message, cause);
    }
}
