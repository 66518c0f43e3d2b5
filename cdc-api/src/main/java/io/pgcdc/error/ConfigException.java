package io.pgcdc.error;

import org.jspecify.annotations.Nullable;

/** The configuration cannot be used. */
public final class ConfigException extends CdcException {

    public ConfigException(ErrorCode code, String message) {
        this(code, message, null);
    }

    public ConfigException(ErrorCode code, String message, @Nullable Throwable cause) {
        super(code, message, cause);
    }
}
