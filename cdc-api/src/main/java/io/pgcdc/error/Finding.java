package io.pgcdc.error;

/**
 * One thing that a check found. Immutable.
 *
 * @param code names the kind; stable
 * @param happened what is wrong, or may go wrong; no full stop at its end
 * @param place where: a server, a file; for messages
 * @param remedy what to do: sentences, a command or SQL
 */
public record Finding(Severity severity, ErrorCode code, String happened, String place, String remedy) {

    /** How bad it is. */
    public enum Severity {
        /** It does not work like this. */
        FATAL,
        /** It works, and may surprise later. */
        WARNING
    }

    /** It does not work like this. */
    public static Finding fatal(ErrorCode code, String happened, String place, String remedy) {
        return new Finding(Severity.FATAL, code, happened, place, remedy);
    }

    /** What happened; where; what to do. */
    public String message() {
        return happened + "; " + place + ". " + remedy;
    }
}
