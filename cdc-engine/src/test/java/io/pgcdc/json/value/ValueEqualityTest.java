package io.pgcdc.json.value;

import static io.pgcdc.json.value.Types.array;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.model.PgType;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValueEqualityTest {

    @ParameterizedTest
    @CsvSource({
        "1, 1.0, true",
        "1.0, 1.00, true",
        "0, -0, true",
        "0.00, 0e5, true",
        "100, 1e2, true",
        "0.01, 1e-2, true",
        "12.340, 1234e-2, true",
        "1e1000000, 1e1000000, true",
        "1e1000000, 10e999999, true",
        "1, -1, false",
        "1, 10, false",
        "1.01, 1.1, false",
        "12, 1.2, false",
        "1, 0, false",
        "0, 1, false",
        "123, 1234, false",
        "NaN, NaN, true",
        "NaN, Infinity, false",
        "NaN, 1, false",
        "1e99999999999999999999, 1e99999999999999999998, false"
    })
    void numbersAreComparedByValue(String a, String b, boolean equal) {
        assertEquals(equal, equal(Types.NUMERIC, a, b));
        assertEquals(equal, equal(Types.NUMERIC, b, a));
        assertEquals(equal, equal(Types.PRICE, b, a));
    }

    @Test
    void documentsAreComparedAsJsonb() {
        assertTrue(equal(Types.JSON, "{\"a\":1, \"b\":[2.0]}", "{\"b\":[2],\"a\":1.0}"));
        assertTrue(equal(Types.JSON, "{\"a\":0,\"a\":1}", "{\"a\":1}"));
        assertTrue(equal(Types.JSON, "\"\\u00e9\"", "\"é\""));
        assertTrue(equal(Types.JSONB, "{\"a\": 1.0}", "{\"a\": 1.00}"));
        assertFalse(equal(Types.JSON, "[1,2]", "[2,1]"));
        assertFalse(equal(Types.JSON, "[]", "{}"));
        assertFalse(equal(Types.JSON, "\"1\"", "1"));
        assertFalse(equal(Types.JSON, "\"true\"", "true"));
        assertFalse(equal(Types.JSON, "{\"a\":null}", "{}"));
        assertFalse(equal(Types.JSON, "[[1]]", "[1]"));
        assertFalse(equal(Types.JSON, "1e99999999999999999999", "2e99999999999999999999"));
    }

    @Test
    void documentsMayBeNestedDeeperThanAnyStack() {
        String deep = "[".repeat(100_000) + "1" + "]".repeat(100_000);
        assertTrue(equal(Types.JSON, deep, deep.replace("1", "1.0")));
        assertFalse(equal(Types.JSON, deep, deep.replace("1", "2")));
    }

    @Test
    void documentsMayHoldLongStringsNamesAndNumbers() {
        String name = "n".repeat(100_000);
        String number = "1".repeat(100_000);
        String document = "{\"" + name + "\":" + number + "}";
        assertTrue(equal(Types.JSON, document, "{\"" + name + "\":" + number + ".0}"));
    }

    @Test
    void arraysAreComparedWithoutTheirBounds() {
        assertTrue(equal(array(1007, Types.INT4), "[0:1]={1,2}", "{1,2}"));
        assertFalse(equal(array(1007, Types.INT4), "[0:1]={1,2}", "{1,3}"));
        assertTrue(equal(array(1231, Types.NUMERIC), "[0:1]={1.0,NULL}", "{1,NULL}"));
        assertTrue(equal(array(16510, Types.ADDRESS), "{\"(a,,\\\"[ 1 ]\\\")\"}", "{\"(a,,[1.0])\"}"));
        assertFalse(equal(array(1009, Types.TEXT), "{NULL}", "{\"NULL\"}"));
    }

    @Test
    void compositesAreComparedByTheirAttributes() {
        assertTrue(equal(Types.ADDRESS, "(a,[0:0]={x},1)", "(a,{x},1.0)"));
        assertFalse(equal(Types.ADDRESS, "(a,,)", "(\"\",,)"));
    }

    @Test
    void textIsComparedByteByByte() {
        assertFalse(equal(Types.TEXT, "1.0", "1.00"));
        assertFalse(equal(Types.HSTORE, "\"a\"=>\"1\"", "\"a\"=>\"2\""));
    }

    private static boolean equal(PgType type, String a, String b) {
        byte[] left = ("xx" + a).getBytes(StandardCharsets.UTF_8);
        byte[] right = ("y" + b + "zzz").getBytes(StandardCharsets.UTF_8);
        return ValueEquality.of(type).equal(left, 2, left.length - 2, right, 1, right.length - 4);
    }
}
