package io.pgcdc.json.value;

import static io.pgcdc.json.value.Types.array;
import static io.pgcdc.json.value.Types.encode;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pgcdc.error.DecodeException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.model.PgType;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The forms of JSON that types take. That they are the server's own is TypeWalkTest's business. */
class ValueEncoderTest {

    @Test
    void booleansAreTrueAndFalse() {
        assertEquals("true", encode(Types.BOOL, "t"));
        assertEquals("false", encode(Types.BOOL, "f"));
    }

    @Test
    void numbersKeepTheirScale() {
        assertEquals("-32768", encode(Types.INT4, "-32768"));
        assertEquals("1.00", encode(Types.NUMERIC, "1.00"));
        assertEquals("1e+20", encode(Types.FLOAT8, "1e+20"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "Infinity", "-Infinity"})
    void whatIsNoJsonNumberIsAString(String special) {
        assertEquals('"' + special + '"', encode(Types.NUMERIC, special));
        assertEquals('"' + special + '"', encode(Types.FLOAT8, special));
        assertUnreadable(Types.INT4, special);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", "+1", "01", "1.", ".5", "1e", "1e+", "0x1", "1 ", " 1", "nan", "1,2"})
    void aNumberOutsideJsonsGrammarIsUnreadable(String text) {
        assertUnreadable(Types.NUMERIC, text);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-02 03:04:05.678901,      2026-01-02T03:04:05.678901",
        "0044-03-15 12:00:00 BC,          0044-03-15T12:00:00 BC",
        "294276-12-31 23:59:59.999999,    294276-12-31T23:59:59.999999",
        "infinity,                        infinity",
        "-infinity,                       -infinity",
    })
    void timestampsAreIso8601(String text, String expected) {
        assertEquals('"' + expected + '"', encode(Types.TIMESTAMP, text));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-02 03:04:05+00,           2026-01-02T03:04:05+00:00",
        "2026-01-02 03:04:05.5-03:30,      2026-01-02T03:04:05.5-03:30",
        "0044-03-15 12:00:00+00 BC,        0044-03-15T12:00:00+00:00 BC",
        "0044-03-15 12:00:00+00:19:32 BC,  0044-03-15T12:00:00+00:19:32 BC",
        "infinity,                         infinity",
    })
    void timestampsWithZoneHaveMinutesInTheirOffset(String text, String expected) {
        assertEquals('"' + expected + '"', encode(Types.TIMESTAMPTZ, text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2026-01-02",
                "2026-01-02 ",
                "02.01.2026 03:04:05+00",
                "2026-01-02 03:04:05",
                "2026-01-02 03:04:05+",
                "2026-01-02 03:04:05+0",
                "2026-01-02 03:04:05 CET",
                " BC"
            })
    void anotherDateStyleIsUnreadable(String text) {
        assertUnreadable(Types.TIMESTAMPTZ, text);
    }

    @Test
    void textIsEscaped() {
        assertEquals(
                "\"a \\\"b\\\" \\\\ \\n\\t\\r\\b\\f\\u0001\\u001f\u007f ü 🐘\"",
                encode(Types.TEXT, "a \"b\" \\ \n\t\r\b\f\u0001\u001f\u007f ü 🐘"));
        assertEquals("\"\"", encode(Types.TEXT, ""));
    }

    @Test
    void typesWithoutAFormOfTheirOwnAreText() {
        assertEquals("\"2026-01-02\"", encode(Types.DATE, "2026-01-02"));
        assertEquals("\"ok\"", encode(Types.MOOD, "ok"));
        assertEquals("\"[1,3)\"", encode(Types.INT4RANGE, "[1,3)"));
        assertEquals("\"12\"", encode(PgType.unresolved(-1), "12"));
    }

    @Test
    void textThatIsNotUtf8IsUnreadable() {
        for (String hex : new String[] {"80", "c3", "c0af", "e08080", "eda080", "f0808080", "f4908080", "ff", "e282"}) {
            byte[] bytes = java.util.HexFormat.of().parseHex(hex);
            ValueEncoder encoder = ValueEncoder.of(Types.TEXT);
            assertThrows(DecodeException.class, () -> encode(encoder, bytes), hex);
        }
    }

    @Test
    void jsonLosesTheWhiteSpaceOutsideItsStringsAndNothingElse() {
        assertEquals(
                "{\"a b\":[1.50,null,true,{\"c\":\"\\n \\u0000 d\"}],\"a b\":1E400}",
                encode(
                        Types.JSON,
                        " {\n \"a b\" : [ 1.50 ,\tnull, true,\r {\"c\" : \"\\n \\u0000 d\"} ], \"a b\":1E400 }\n"));
        assertEquals("1e1000000", encode(Types.JSON, "1e1000000"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "]",
                "[1,]",
                "[,1]",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{a:1}",
                "[1 2]",
                "1 2",
                "nul",
                "truE",
                "\"a",
                "\"\\x\"",
                "\"\\u12g4\"",
                "\"\n\"",
                "[}",
                "{]",
                "'a'",
                "01",
                ":",
                "[1:2]",
                "{\"a\",1}",
                "nullx"
            })
    void whatIsNotJsonIsUnreadable(String text) {
        assertUnreadable(Types.JSON, text);
    }

    @Test
    void jsonMayBeNestedDeeperThanAnyStack() {
        int depth = 500_000;
        String deep = "[".repeat(depth) + "]".repeat(depth);
        assertEquals(deep, encode(Types.JSON, deep));
        assertUnreadable(Types.JSON, "[".repeat(2_000_000));
    }

    @Test
    void arraysNest() {
        assertEquals("[]", encode(array(1007, Types.INT4), "{}"));
        assertEquals("[1,null,-2]", encode(array(1007, Types.INT4), "{1,NULL,-2}"));
        assertEquals("[[1,2],[3,4]]", encode(array(1007, Types.INT4), "{{1,2},{3,4}}"));
        assertEquals("[[[\"a\"]],[[\"b\"]]]", encode(array(1009, Types.TEXT), "{{{a}},{{b}}}"));
    }

    @Test
    void arraysForgetTheirBounds() {
        assertEquals("[1,2]", encode(array(1007, Types.INT4), "[0:1]={1,2}"));
        assertEquals("[[1],[2]]", encode(array(1007, Types.INT4), "[-1:0][5:5]={{1},{2}}"));
    }

    @Test
    void arrayElementsAreUnquoted() {
        assertEquals(
                "[\"NULL\",null,\"\",\"a \\\"b\\\" \\\\\",\"{c,d}\"]",
                encode(array(1009, Types.TEXT), "{\"NULL\",NULL,\"\",\"a \\\"b\\\" \\\\\",\"{c,d}\"}"));
    }

    @Test
    void theElementTypeSaysWhatSeparatesElements() {
        assertEquals("[\"(1,1),(0,0)\",\"(3,4),(1,2)\"]", encode(array(1020, Types.BOX), "{(1,1),(0,0);(3,4),(1,2)}"));
    }

    @Test
    void vectorsAreArrays() {
        assertEquals("[]", encode(Types.INT2VECTOR, ""));
        assertEquals("[1,-2,3]", encode(Types.INT2VECTOR, "1 -2 3"));
        assertEquals("[\"0\",\"4294967295\"]", encode(Types.OIDVECTOR, "0 4294967295"));
        assertUnreadable(Types.INT2VECTOR, "1  2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "}",
                "{1",
                "{1,}",
                "{,1}",
                "{1}}",
                "{{1}",
                "{1,{2}}",
                "{{1},2}",
                "{}}",
                "{{}}",
                "{1}x",
                "[0:1={1}",
                "[0:1]",
                "[x]={1}",
                "{\"1}",
                "{1\"}",
                "{\"1\\",
                "{1;2}",
                "{{{{{{{1}}}}}}}"
            })
    void whatIsNotAnArrayIsUnreadable(String text) {
        assertUnreadable(array(1007, Types.INT4), text);
    }

    @Test
    void compositesAreObjects() {
        assertEquals("{\"street\":\"a\",\"tags\":null,\"doc\":null}", encode(Types.ADDRESS, "(a,,)"));
        assertEquals(
                "{\"street\":\"\",\"tags\":[\"x y\",\"\\\"\"],\"doc\":{\"k\":\"\\\\\"}}",
                encode(Types.ADDRESS, "(\"\",\"{\"\"x y\"\",\"\"\\\\\"\"\"\"}\",\"{\"\"k\"\": \"\"\\\\\\\\\"\"}\")"));
        assertEquals("{}", encode(Types.NOTHING, "()"));
    }

    @Test
    void compositesNest() {
        assertEquals(
                "{\"na\\\"me\":\"n\",\"home\":{\"street\":\"s 1\",\"tags\":[\"t u\"],\"doc\":[1]},\"others\":"
                        + "[{\"street\":\"o\",\"tags\":[\"p\",\"q\"],\"doc\":null}]}",
                encode(
                        Types.PERSON,
                        "(n,\"(\"\"s 1\"\",\"\"{\"\"\"\"t u\"\"\"\"}\"\",[1])\",\"{\"\"(o,\\\\\"\"{p,q}\\\\\"\",)\"\"}\")"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "(",
                "()",
                "(a,b)",
                "(a,b,c,d)",
                "(a,{},null)x",
                "(a,{},null",
                "a,{},null",
                "(a,\"{},null)",
                "(a\"b\",{},null)",
                "(a,{},\"\\"
            })
    void whatIsNotTheCompositeIsUnreadable(String text) {
        assertUnreadable(Types.ADDRESS, text);
    }

    @Test
    void hstoresAreObjectsOfStringsAndNulls() {
        assertEquals("{}", encode(Types.HSTORE, ""));
        assertEquals(
                "{\"a\":\"1\",\"b \\\"c\\\"\":null,\"\":\"NULL\",\"=>\":\"\\\\\"}",
                encode(Types.HSTORE, "\"a\"=>\"1\", \"b \\\"c\\\"\"=>NULL, \"\"=>\"NULL\", \"=>\"=>\"\\\\\""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "\"a\"",
                "\"a\"=>",
                "\"a\"=>N",
                "\"a\"=>NULL,",
                "\"a\"=>\"b",
                "\"a\"=>\"b\",\"c\"=>\"d\"",
                "\"a\"=>\"b\", ",
                "\"a\\"
            })
    void whatIsNotAnHstoreIsUnreadable(String text) {
        assertUnreadable(Types.HSTORE, text);
    }

    @Test
    void aTypeNamedHstoreThatTheExtensionDoesNotOwnIsText() {
        assertEquals("\"x\"", encode(PgType.base(20000, "hstore"), "x"));
    }

    @Test
    void domainsAreTheirBaseType() {
        assertEquals("1.50", encode(Types.PRICE, "1.50"));
        assertEquals("[1.50,null]", encode(array(16520, Types.PRICE), "{1.50,NULL}"));
    }

    @Test
    void typesNestedBeyondReasonAreRefused() {
        PgType type = Types.INT4;
        for (int i = 0; i < 300; i++) {
            type = Types.composite(
                    20000 + i, "level" + i, new PgType.Attribute("a", type), new PgType.Attribute("b", type));
        }
        PgType deep = type;
        assertThrows(DecodeException.class, () -> ValueEncoder.of(deep));
    }

    @Test
    void anUnreadableValueIsNeverShown() {
        DecodeException e = assertThrows(DecodeException.class, () -> encode(Types.INT4, "secret"));
        assertEquals(ErrorCode.TYPE_UNREADABLE, e.code());
        assertFalse(e.describe().contains("secret"), e.describe());
    }

    private static void assertUnreadable(PgType type, String text) {
        ValueEncoder encoder = ValueEncoder.of(type);
        DecodeException e = assertThrows(
                DecodeException.class,
                () -> encode(encoder, text.getBytes(StandardCharsets.UTF_8)),
                type.name() + " " + text);
        assertEquals(ErrorCode.TYPE_UNREADABLE, e.code());
    }
}
