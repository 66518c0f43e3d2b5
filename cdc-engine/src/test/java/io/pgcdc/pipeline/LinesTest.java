package io.pgcdc.pipeline;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class LinesTest {

    private final Lines lines = Lines.of(List.of("one two", "three"));

    private static void assertFails(String expected, Runnable check) {
        String message = assertThrows(AssertionError.class, check::run).getMessage();
        assertTrue(message.startsWith(expected), message);
    }

    @Test
    void linesAreReadInOrder() {
        lines.next("one", "two").nextMatches("th.*").end();
    }

    @Test
    void aLineThatLacksAPartFails() {
        assertFails("no three in line 1: one two", () -> lines.next("one", "three"));
    }

    @Test
    void aPartialMatchFails() {
        assertFails("line 1 is not one: one two", () -> lines.nextMatches("one"));
    }

    @Test
    void anUnreadLineFails() {
        assertFails("more lines than expected", () -> lines.next("one").end());
    }

    @Test
    void aMissingLineFails() {
        assertFails("only 2 lines", () -> lines.next("one").next("three").next());
    }
}
