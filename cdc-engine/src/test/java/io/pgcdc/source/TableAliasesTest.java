package io.pgcdc.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.ConfigException;
import io.pgcdc.model.TableName;
import io.pgcdc.setting.Given;
import io.pgcdc.setting.Place;
import io.pgcdc.setting.Problems;
import io.pgcdc.setting.SettingReader;
import io.pgcdc.setting.SettingType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableAliasesTest {

    private static TableAliases aliases(String... pairs) {
        Map<String, String> aliases = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            aliases.put(pairs[i], pairs[i + 1]);
        }
        return TableAliases.of(aliases);
    }

    private static TableAliases read(String... pairs) {
        Problems problems = new Problems();
        Given given = new Given(
                "source.table_aliases", List.of(pairs), SettingType.Shape.MAPPING, false, Place.DEFAULT, Place.DEFAULT);
        TableAliases read = new SettingReader(problems)
                .read(
                        "source",
                        List.of(SourceSettings.TABLE_ALIASES),
                        Map.of(SourceSettings.TABLE_ALIASES.key(), given),
                        missing -> {})
                .get(SourceSettings.TABLE_ALIASES);
        problems.throwIfAny();
        return read;
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '|', textBlock = """
            public.orders_[0-9]+  , public.orders_102008    , public.orders
            # the whole name must match
            public.orders_[0-9]+  , public.orders_102008x   , public.orders_102008x
            orders_[0-9]+         , public.orders_1         , public.orders_1
            public.orders_[0-9]   , public.orders_10        , public.orders_10
            # a dot is any character: it meets the only dot of the name
            public.orders_[0-9]+  , publicx.orders_1        , publicx.orders_1
            public\\.orders_[0-9]+, public.orders_1         , public.orders
            .*\\.orders_[0-9]+    , shop.orders_1           , public.orders
            # other characters are in quotes
            public."Orders_[0-9]+", public."Orders_7"       , public.orders
            public.Orders_[0-9]+  , public."Orders_7"       , public."Orders_7"
            """)
    void aPatternMatchesTheWholeName(String pattern, String table, String carried) {
        assertEquals(TableName.parse(carried), aliases(pattern, "public.orders").nameOf(TableName.parse(table)));
    }

    @Test
    void theFirstPatternThatMatchesWins() {
        TableAliases aliases = aliases("public.a_1", "x.first", "public.a_.*", "x.other");
        assertEquals(TableName.parse("x.first"), aliases.nameOf(TableName.parse("public.a_1")));
        assertEquals(TableName.parse("x.other"), aliases.nameOf(TableName.parse("public.a_2")));
        assertEquals(TableName.parse("public.b"), aliases.nameOf(TableName.parse("public.b")));
    }

    /** An alias is not looked up again, so that two cannot go round in circles. */
    @Test
    void anAliasOfAnAliasIsNone() {
        TableAliases aliases = aliases("x.a", "x.b", "x.b", "x.a");
        assertEquals(TableName.parse("x.b"), aliases.nameOf(TableName.parse("x.a")));
    }

    @Test
    void aNameThatAPatternGivesIsShared() {
        TableAliases aliases = aliases("x.a_.*", "x.a");
        assertTrue(aliases.isShared(TableName.parse("x.a")));
        assertFalse(aliases.isShared(TableName.parse("x.a_1")));
        assertFalse(TableAliases.NONE.isShared(TableName.parse("x.a")));
    }

    @Test
    void aPatternBehindAnotherOneIsUnused() {
        TableAliases aliases = aliases("x.a_.*", "x.a", "x.a_1", "x.one", "x.b", "x.a");
        List<TableName> tables =
                Stream.of("x.a_1", "x.a_2", "x.c").map(TableName::parse).toList();
        assertEquals(List.of("x.a_1", "x.b"), aliases.unused(tables));
        assertEquals(List.of("x.a_.*", "x.a_1", "x.b"), aliases.unused(List.of()));
    }

    @Test
    void whatIsPrintedReadsAsTheSame() {
        TableAliases aliases = aliases("x.(?=a).*", "x.a", "x.b", "\"x=y\".\"B=\"", "x.c", "x.c");
        List<String> printed = SettingType.print(aliases);
        assertEquals(List.of("x.(?=a).*=x.a", "x.b=\"x=y\".\"B=\"", "x.c=x.c"), printed);
        assertEquals(aliases, read(printed.toArray(String[]::new)));
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '|', textBlock = """
            public.orders_[=public.orders, a Java regular expression in place of "public.orders_[", which has an error at character 16
            public.o=orders              , one table for "public.o" in place of "orders": schema.table
            public.o=public.*            , one table for "public.o" in place of "public.*": schema.table
            public.o=public.Orders       , one table for "public.o" in place of "public.Orders"
            public.o=                    , one table for "public.o" in place of ""
            """)
    void badInputIsRefusedWithWhatToWrite(String pair, String message) {
        ConfigException e = assertThrows(ConfigException.class, () -> read(pair));
        assertTrue(e.getMessage().contains("source.table_aliases does not fit; write " + message), e.getMessage());
    }
}
