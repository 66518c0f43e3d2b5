package io.pgcdc.sinks.debezium.option;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamePatternTest {

    @ParameterizedTest
    @CsvSource({
        "public.users, public.users",
        "public\\.users, public.users",
        "public[.]users, public.users",
        "public.(a|b), public.a public.b",
        "(x|y)\\.a_1, x.a_1 y.a_1",
        "public.*, public.*",
        "public\\..*, public.*",
        "public.(.*), public.*",
        "(x|y).*, x.* y.*"
    })
    void namesAreReadFromSimpleExpressions(String element, String tables) {
        assertEquals(List.of(tables.split(" ")), NamePattern.tables(element));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "users",
                "public.Users",
                "public.ord.*",
                ".*",
                ".*\\.users",
                "public.a?",
                "public.a|public.b",
                "public.a$",
                "a.b.c",
                "public.[ab]",
                "public.\"a\"",
                "public.(a|b",
                "public.(a|)"
            })
    void moreThanNamesIsNotRead(String element) {
        assertNull(NamePattern.tables(element));
    }

    @Test
    void columnsHaveThreeParts() {
        assertEquals(List.of("a.b.c", "a.b.d"), NamePattern.columns("a.b.(c|d)"));
        assertNull(NamePattern.columns("a.b"));
        assertNull(NamePattern.columns("a.b.*"));
    }

    @Test
    void elementsLoseTheAnchorsThatDebeziumAdds() {
        assertEquals(List.of("a.b", "c.d"), NamePattern.elements("^a.b$, c.d,"));
    }
}
