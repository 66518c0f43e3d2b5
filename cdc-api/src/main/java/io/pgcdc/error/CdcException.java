package io.pgcdc.error;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An error from outside the program: configuration, server, disk, target. The message reads <em>what happened; where; what to
 * do</em>. It is printed after the code:
 * {@code CDC-104 slot "orders" is in use by process 812. Stop that consumer or choose another --slot.}
 */
public abstract sealed class CdcException extends RuntimeException
        permits ConfigException, SourceException, DecodeException, QueueException, SinkException, InternalException {

    private final ErrorCode code;
    private final List<Finding> findings;

    CdcException(ErrorCode code, String message, @Nullable Throwable cause) {
        this(code, message, List.of(), cause);
    }

    CdcException(ErrorCode code, String message, List<Finding> findings, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.findings = List.copyOf(findings);
    }

    /** Returns what the error tells, in parts: one finding; for a configuration one for each problem. */
    public final List<Finding> findings() {
        return findings.isEmpty() ? List.of(Finding.of(code, String.valueOf(getMessage()))) : findings;
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
