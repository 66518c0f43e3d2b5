package io.pgcdc.pipeline;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** Keeps the log of a simulated history back, and shows it only if the history fails. */
final class QuietLog {

    private QuietLog() {}

    /**
     * Plays a history.
     *
     * @param name how to play it again
     * @throws AssertionError it failed, with name and log
     */
    static <T> T during(String name, Supplier<T> history) {
        PrintStream err = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            return history.get();
        } catch (Throwable e) {
            throw new AssertionError(name + ": " + e.getMessage() + "\n" + log.toString(StandardCharsets.UTF_8), e);
        } finally {
            System.setErr(err);
        }
    }
}
