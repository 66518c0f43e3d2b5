package io.pgcdc.error;

import org.jspecify.annotations.Nullable;

/** A defect of pgcdc itself; the message asks for a report. */
public final class InternalException extends CdcException {

    public InternalException(ErrorCode code, String message) {
        this(code, message, null);
    }

    public InternalException(ErrorCode code, String message, @Nullable Throwable cause) {
        super(code, message, cause);
    }
}
