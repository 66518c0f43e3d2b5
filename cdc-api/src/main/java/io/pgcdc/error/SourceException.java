package io.pgcdc.error;

import org.jspecify.annotations.Nullable;

/** An error of the source server, its slot or its publications. */
public final class SourceException extends CdcException {

    public SourceException(ErrorCode code, String message) {
        this(code, message, null);
    }

    public SourceException(ErrorCode code, String message, @Nullable Throwable cause) {
        super(code, message, cause);
    }
}
