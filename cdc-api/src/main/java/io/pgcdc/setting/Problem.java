package io.pgcdc.setting;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.Printable;

/**
 * One problem of a configuration.
 *
 * @param message "what; what to write instead", without secrets
 */
public record Problem(ErrorCode code, Place origin, String message) {

    /** Returns one line: {@code cdc.yaml:3:5: CDC-001 unknown key "slott" under source; did you mean "slot"?} */
    @Override
    public String toString() {
        return Printable.line(origin.where() + ": " + code + " " + message);
    }
}
