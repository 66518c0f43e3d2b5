package io.pgcdc.error;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The configuration cannot be used. */
public final class ConfigException extends CdcException {

    public ConfigException(ErrorCode code, String message) {
        super(code, message, null);
    }

    /**
     * An error of several problems.
     *
     * @param findings one for each problem
     */
    public ConfigException(ErrorCode code, String message, List<Finding> findings) {
        super(code, message, findings, null);
    }

    public ConfigException(ErrorCode code, String message, @Nullable Throwable cause) {
        super(code, message, cause);
    }
}
