package io.pgcdc.error;

import org.jspecify.annotations.Nullable;

/** The local queue. */
public final class QueueException extends CdcException {

    public QueueException(ErrorCode code, String message) {
        this(code, message, null);
    }

    public QueueException(ErrorCode code, String message, @Nullable Throwable cause) {
        super(code, message, cause);
    }
}
