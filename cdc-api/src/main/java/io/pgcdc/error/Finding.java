package io.pgcdc.error;

/**
 * One finding of a check. Immutable.
 *
 * @param code names the kind; stable
 * @param happened what is wrong, or may go wrong; without a full stop at the end
 * @param place a server or a file, for messages; empty if there is none
 */
public record Finding(Severity severity, ErrorCode code, String happened, String place, Remedy remedy) {

    /** Severity of a finding. */
    public enum Severity {
        /** pgcdc cannot run like this. */
        FATAL,
        /** pgcdc runs, but may not do what the user expects. */
        WARNING,
        /** Nothing is wrong: what the set-up means. */
        NOTE
    }

    /** Returns a finding that keeps pgcdc from running. */
    public static Finding fatal(ErrorCode code, String happened, String place, Remedy remedy) {
        return new Finding(Severity.FATAL, code, happened, place, remedy);
    }

    /** Returns a finding that keeps pgcdc from running, whose remedy is words alone. */
    public static Finding fatal(ErrorCode code, String happened, String place, String remedy) {
        return fatal(code, happened, place, Remedy.words(remedy));
    }

    /** Returns a finding with which pgcdc runs. */
    public static Finding warning(ErrorCode code, String happened, String place, Remedy remedy) {
        return new Finding(Severity.WARNING, code, happened, place, remedy);
    }

    /** Returns a fatal finding of an error's message, which reads as {@link #message} does. */
    static Finding of(ErrorCode code, String message) {
        int happened = message.indexOf("; ");
        int sentence = message.indexOf(". ", Math.max(happened, 0));
        String remedy = sentence < 0 ? "" : message.substring(sentence + 2);
        String first = sentence < 0 ? message : message.substring(0, sentence);
        return happened < 0
                ? fatal(code, first, "", remedy)
                : fatal(code, message.substring(0, happened), first.substring(happened + 2), remedy);
    }

    /** Returns this finding with another remedy. */
    public Finding with(Remedy other) {
        return new Finding(severity, code, happened, place, other);
    }

    /** Returns this finding with another code. */
    public Finding with(ErrorCode other) {
        return new Finding(severity, other, happened, place, remedy);
    }

    /** Returns the text: what happened; where; what to do. */
    public String message() {
        return happened + "; " + place + ". " + remedy.text();
    }
}
