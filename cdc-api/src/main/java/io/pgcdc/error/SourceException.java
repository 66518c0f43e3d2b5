package io.pgcdc.error;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An error of the source server, its slot or its publications. */
public final class SourceException extends CdcException {

    public SourceException(ErrorCode code, String message) {
        this(code, message, null);
    }

    /** An error whose message is the finding's. */
    public SourceException(Finding finding, @Nullable Throwable cause) {
        super(finding.code(), finding.message(), List.of(finding), cause);
    }

    public SourceException(ErrorCode code, String message, @Nullable Throwable cause) {
        super(code, message, cause);
    }
}
