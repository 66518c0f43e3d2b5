package io.pgcdc.error;

/**
 * One finding of a check. Immutable.
 *
 * @param code names the kind; stable
 * @param happened what is wrong, or may go wrong; without a full stop at the end
 * @param place a server or a file, for messages
 * @param remedy what to do: sentences, a command or SQL
 */
public record Finding(Severity severity, ErrorCode code, String happened, String place, String remedy) {

    /** Severity of a finding. */
    public enum Severity {
        /** pgcdc cannot run like this. */
        FATAL,
        /** pgcdc runs, but may not do what the user expects. */
        WARNING
    }

    /** Returns a finding that keeps pgcdc from running. */
    public static Finding fatal(ErrorCode code, String happened, String place, String remedy) {
        return new Finding(Severity.FATAL, code, happened, place, remedy);
    }

    /** Returns the text: what happened; where; what to do. */
    public String message() {
        return happened + "; " + place + ". " + remedy;
    }
}
