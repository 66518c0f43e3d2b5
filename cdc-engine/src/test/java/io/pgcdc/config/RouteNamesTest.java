package io.pgcdc.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The texts that name tables, columns and masks. */
class RouteNamesTest {

    @ParameterizedTest
    @ValueSource(strings = {"s.t", "s.*", "\"My S\".*", "\"a.b\".\"c\"\"d\""})
    void aTablePrintsAsItIsRead(String text) {
        assertEquals(text, TablePattern.parse(text).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "t", "*", "*.t", ".*", "S.t", "s.t.u", "s.t*", "s.", "\"s.*"})
    void anythingElseIsNoTable(String text) {
        assertThrows(IllegalArgumentException.class, () -> TablePattern.parse(text));
    }

    @Test
    void aStarStandsForAllOfASchemaAndIsAPlainNameInQuotes() {
        assertTrue(TablePattern.parse("s.*").matches("s", "any"));
        assertFalse(TablePattern.parse("s.*").matches("other", "any"));
        assertFalse(TablePattern.parse("s.\"*\"").matches("s", "any"));
        assertTrue(TablePattern.parse("s.\"*\"").matches("s", "*"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s.t.c=hash",
                "s.t.\"a=b\"=hash",
                "s.t.c=truncate:1",
                "s.t.c=truncate:10000",
                "s.t.c=fixed:",
                "s.t.c=fixed:a=b, \"c\""
            })
    void aMaskPrintsAsItIsRead(String text) {
        assertEquals(text, MaskedColumn.parse(text).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s.t.c",
                "s.t=hash",
                "s.t.c=",
                "s.t.c=md5",
                "s.t.c=truncate",
                "s.t.c=truncate:0",
                "s.t.c=truncate:10001",
                "s.t.c=truncate:-1",
                "s.t.c=fixed",
                "s.t.\"c=hash"
            })
    void anythingElseIsNoMask(String text) {
        assertThrows(IllegalArgumentException.class, () -> MaskedColumn.parse(text));
    }

    @Test
    void theSaltIsNotPrinted() {
        RouteConfig route = new RouteConfig(
                List.of("p"), List.of(), OriginFilter.ANY, List.of(), List.of(), "a salt that is secret");
        assertFalse(route.toString().contains("secret"));
        assertTrue(route.toString().contains("[p]"));
    }

    @Test
    void aSinkWithAllOfTheSlotsPublicationsGetsEverything() {
        RouteConfig route = new RouteConfig(List.of("a", "b"), List.of(), OriginFilter.ANY, List.of(), List.of(), null);
        assertFalse(route.isPartOf(List.of("b", "a")));
        assertTrue(route.isPartOf(List.of("a", "b", "c")));
        assertFalse(RouteConfig.EVERYTHING.isPartOf(List.of("a")));
    }
}
