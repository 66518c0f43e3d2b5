package io.pgcdc.error;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PrintableTest {

    @Test
    void whatATerminalActsOnIsReplaced() {
        assertEquals("a?[31mb?c?d?e?f?", Printable.line("a\u001b[31mb\u202ec\ufeffd\u2028e\u0085f\ud800"));
        assertEquals("é 日 \ud83d\ude00", Printable.line("é 日 \ud83d\ude00"));
    }

    @Test
    void linesEndWhereTheyDid() {
        assertEquals("a\n\tb?c", Printable.lines("a\n\tb\rc"));
        assertEquals("a?b", Printable.line("a\nb"));
    }

    @Test
    void aLongTextIsShortened() {
        assertEquals("a".repeat(40), Printable.start("a".repeat(40)));
        assertEquals("a".repeat(40) + "…", Printable.start("a".repeat(41)));
        assertEquals("a".repeat(39) + "?…", Printable.start("a".repeat(39) + "\ud83d\ude00"), "half a pair");
        assertEquals("aa…", Printable.start("aaa", 2));
    }
}
