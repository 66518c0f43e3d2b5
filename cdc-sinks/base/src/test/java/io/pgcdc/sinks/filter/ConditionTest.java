package io.pgcdc.sinks.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConditionTest {

    @Test
    void columnsAreFoundWhereverTheyStand() {
        Condition condition =
                Condition.parse("new.a == 'x' && (has(new.a) || new['Odd Name'] || old == null || old.b != new.c.d[0])"
                        + " && [1, 2].exists(n, n == new.e)");
        assertEquals(Set.of("a", "Odd Name", "b", "c", "e"), condition.columns());
        assertTrue(condition.isAboutChange());
        assertEquals(condition, Condition.parse(condition.toString()));
    }

    @Test
    void aConditionWithoutOldAndKindIsAboutRows() {
        assertFalse(Condition.parse("new.a > 1 && table == 't'").isAboutChange());
        assertTrue(Condition.parse("kind == 'INSERT'").isAboutChange());
        assertTrue(Condition.parse("old == null").isAboutChange());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '"',
            value = {
                "new.a = 'x' ~ CEL has == for =",
                "new.a == 'x' and new.b ~ && for and",
                "new.a == ~ at character 9: mismatched input '<EOF>'",
                "row.a == 1 ~ undeclared reference to 'row'",
                "1 + 1 ~ expected type 'bool'",
                "size(new) > 1 ~ new.column",
                "new == old ~ new.column",
                "'a' in new ~ new.column",
                "new[kind] == 1 ~ new.column",
                "() ~ a condition in CEL",
            })
    void whatIsNoConditionIsRefusedWithAReason(String text, String reason) {
        String message = assertThrows(IllegalArgumentException.class, () -> Condition.parse(text))
                .getMessage();
        assertTrue(message.contains(reason), message);
    }
}
