package io.pgcdc.setting;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.Finding;
import io.pgcdc.error.Printable;

/**
 * One problem of a configuration.
 *
 * @param message "what; what to write instead", without secrets
 */
public record Problem(ErrorCode code, Place origin, String message) {

    /** Returns the problem as a finding. */
    public Finding finding() {
        int what = message.indexOf("; ");
        return what < 0
                ? Finding.fatal(code, message, origin.where(), "")
                : Finding.fatal(
                        code, message.substring(0, what), origin.where(), sentence(message.substring(what + 2)));
    }

    private static String sentence(String text) {
        return Character.toUpperCase(text.charAt(0))
                + text.substring(1)
                + (text.endsWith(".") || text.endsWith("?") ? "" : ".");
    }

    /** Returns one line: {@code cdc.yaml:3:5: CDC-001 unknown key "slott" under source; did you mean "slot"?} */
    @Override
    public String toString() {
        return Printable.line(origin.where() + ": " + code + " " + message);
    }
}
