package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A command that must be refused. What holds for every refusal is checked at once: nothing on stdout, no stack
 * trace, no secret, and the directory of the queues as it was.
 */
final class Refusal {

    /** The password of every URL in these tests; no message may hold it. */
    static final String SECRET = "hunter2";

    private final int exitCode;
    private final String stderr;

    private Refusal(int exitCode, String stderr) {
        this.exitCode = exitCode;
        this.stderr = stderr;
    }

    /**
     * Runs to the end.
     *
     * @param untouched a directory that the run must leave as it is
     */
    static Refusal of(Path untouched, List<String> arguments) {
        Map<String, Long> before = listing(untouched);
        CommandRun run = CommandRun.of(arguments);
        Refusal refusal = new Refusal(run.exitCode(), run.stderr());
        assertEquals("", run.stdout(), "stdout must be empty; stderr: " + refusal.stderr);
        refusal.checkForm();
        assertEquals(before, listing(untouched), "the queue's directory must stay as it was");
        return refusal;
    }

    private void checkForm() {
        assertTrue(stderr.matches("(?s)CDC-\\d{3} .*\n"), stderr);
        assertFalse(stderr.contains("\tat "), stderr);
        assertFalse(stderr.contains("org.postgresql"), stderr);
        assertFalse(stderr.contains("null"), stderr);
        assertFalse(stderr.contains(SECRET), stderr);
    }

    /** The code in front, and the exit code that belongs to its kind. */
    Refusal is(ErrorCode code) {
        assertEquals(code + " ", stderr.substring(0, code.toString().length() + 1), stderr);
        boolean usage = code.number() < 100 || code == ErrorCode.SINK_UNKNOWN;
        assertEquals(usage ? 2 : 1, exitCode, stderr);
        return this;
    }

    /** What the message must speak of. */
    Refusal says(String... parts) {
        for (String part : parts) {
            assertTrue(stderr.contains(part), () -> "\"" + part + "\" is missing in: " + stderr);
        }
        return this;
    }

    /** A part of the message whose numbers are not known beforehand. */
    Refusal matches(String regex) {
        assertTrue(stderr.matches("(?s).*" + regex + ".*"), () -> regex + " is missing in: " + stderr);
        return this;
    }

    /** Each file below the directory with its size; the lock is a queue's own and holds a process id. */
    private static Map<String, Long> listing(Path directory) {
        Map<String, Long> found = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.toList()) {
                boolean sized = Files.isRegularFile(path) && !path.endsWith("lock");
                found.put(directory.relativize(path).toString(), sized ? Files.size(path) : -1L);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return found;
    }
}
