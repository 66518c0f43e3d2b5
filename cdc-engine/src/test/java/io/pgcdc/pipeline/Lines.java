package io.pgcdc.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

/** Checks lines in turn, such as records as JSON. A failed check shows the line. One thread. */
public final class Lines {

    private final List<String> lines;
    private int passed;

    private Lines(List<String> lines) {
        this.lines = lines;
    }

    public static Lines of(List<String> lines) {
        return new Lines(lines);
    }

    /** Checks that the next line has all parts. */
    public Lines next(String... parts) {
        String line = take();
        for (String part : parts) {
            assertTrue(line.contains(part), () -> "no " + part + " in line " + passed + ": " + line);
        }
        return this;
    }

    /** Checks that the whole next line matches. */
    public Lines nextMatches(String regex) {
        String line = take();
        assertTrue(line.matches(regex), () -> "line " + passed + " is not " + regex + ": " + line);
        return this;
    }

    /** Checks that there is no further line. */
    public void end() {
        assertEquals(List.of(), lines.subList(passed, lines.size()), "more lines than expected");
    }

    private String take() {
        assertTrue(passed < lines.size(), () -> "only " + lines.size() + " lines: " + lines);
        return lines.get(passed++);
    }
}
