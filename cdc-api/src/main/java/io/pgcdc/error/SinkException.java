package io.pgcdc.error;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An error of a sink or its target. */
public non-sealed class SinkException extends CdcException {

    private final String reason;

    public SinkException(ErrorCode code, String message) {
        this(code, message, null);
    }

    public SinkException(ErrorCode code, String message, @Nullable Throwable cause) {
        this(code, message, cause, "");
    }

    /** An error whose message is the finding's. */
    public SinkException(Finding finding) {
        this(finding, null, "");
    }

    /**
     * An error whose message is the finding's.
     *
     * @param reason as below
     */
    public SinkException(Finding finding, @Nullable Throwable cause, String reason) {
        super(finding.code(), finding.message(), List.of(finding), cause);
        this.reason = reason;
    }

    /**
     * @param reason tells failures with the same code apart, for example an SQLSTATE. If one reason repeats again and again, retrying
     *     does not help
     */
    public SinkException(ErrorCode code, String message, @Nullable Throwable cause, String reason) {
        super(code, message, cause);
        this.reason = reason;
    }

    /** Returns what tells failures with the same code apart. Empty if they are all alike. */
    public final String reason() {
        return reason;
    }
}
