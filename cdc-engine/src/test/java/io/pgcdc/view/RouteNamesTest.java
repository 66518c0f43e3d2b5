package io.pgcdc.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.model.TablePattern;
import io.pgcdc.setting.SettingValues;
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
        RouteConfig route = RouteConfig.of(SettingValues.NONE
                .with(RouteSettings.PUBLICATIONS, List.of("p"))
                .with(RouteSettings.MASK_SALT, "a salt that is secret"));
        assertFalse(route.toString().contains("secret"));
        assertTrue(route.toString().contains("[p]"));
    }

    @Test
    void aSinkWithAllOfTheSlotsPublicationsGetsEverything() {
        RouteConfig route = RouteConfig.of(SettingValues.NONE.with(RouteSettings.PUBLICATIONS, List.of("a", "b")));
        assertFalse(route.isPartOf(List.of("b", "a")));
        assertTrue(route.isPartOf(List.of("a", "b", "c")));
        assertFalse(RouteConfig.EVERYTHING.isPartOf(List.of("a")));
    }

    @Test
    void aTableReachesASinkUnlessItIsNotNamedOrLeftOut() {
        RouteConfig named = tables(List.of("public.*", "app.a"), List.of("public.b", "log.*"));
        assertTrue(named.takes("public", "a"));
        assertFalse(named.takes("public", "b"));
        assertTrue(named.takes("app", "a"));
        assertFalse(named.takes("app", "b"));
        assertFalse(named.takes("log", "a"));
        RouteConfig rest = tables(List.of(), List.of("public.b", "log.*"));
        assertTrue(rest.takes("public", "a"));
        assertFalse(rest.takes("public", "b"));
        assertFalse(rest.takes("log", "a"));
        assertTrue(RouteConfig.EVERYTHING.takes("log", "a"));
    }

    private static RouteConfig tables(List<String> named, List<String> excluded) {
        return RouteConfig.of(SettingValues.NONE
                .with(
                        RouteSettings.TABLES,
                        named.stream().map(TablePattern::parse).toList())
                .with(
                        RouteSettings.EXCLUDE_TABLES,
                        excluded.stream().map(TablePattern::parse).toList()));
    }
}
