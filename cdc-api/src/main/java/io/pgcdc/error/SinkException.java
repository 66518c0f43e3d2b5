package io.pgcdc.error;

import org.jspecify.annotations.Nullable;

/** A sink or its target. */
public non-sealed class SinkException extends CdcException {

    private final String reason;

    public SinkException(ErrorCode code, String message) {
        this(code, message, null);
    }

    public SinkException(ErrorCode code, String message, @Nullable Throwable cause) {
        this(code, message, cause, "");
    }

    /** @param reason tells failures of one code apart, such as an SQLSTATE: one that occurs again and again does not pass */
    public SinkException(ErrorCode code, String message, @Nullable Throwable cause, String reason) {
        super(code, message, cause);
        this.reason = reason;
    }

    /** What tells failures of one code apart; empty: they are all alike. */
    public final String reason() {
        return reason;
    }
}
