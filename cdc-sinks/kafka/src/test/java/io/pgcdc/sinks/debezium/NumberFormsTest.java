package io.pgcdc.sinks.debezium;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pgcdc.json.bytes.JsonBuffer;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NumberFormsTest {

    private static String asDouble(String numeric) {
        byte[] text = ("x" + numeric + "x").getBytes(StandardCharsets.US_ASCII);
        JsonBuffer out = new JsonBuffer();
        NumberForms.appendDouble(text, 1, numeric.length(), out);
        return out.toString();
    }

    /** Debezium writes Java's text. Other bytes would be another key, in another partition. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "0.000",
                "1",
                "-1",
                "1.0",
                "1.000",
                "-1.500",
                "10",
                "100.00",
                "0.001",
                "0.0010",
                "0.00099",
                "-0.0001",
                "9999999",
                "9999999.9000",
                "10000000",
                "123456789012",
                "1234567890.50",
                "1.00000000000000000000"
            })
    void doublesAreJavas(String numeric) {
        assertEquals(Double.toString(Double.parseDouble(numeric)), asDouble(numeric));
    }

    @Test
    void anyDoubles() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            BigDecimal number = BigDecimal.valueOf(random.nextLong() >> random.nextInt(64), random.nextInt(14));
            String text = number.toPlainString();
            assertEquals(Double.toString(Double.parseDouble(text)), asDouble(text), text + ", seed " + seed);
        }
    }

    @Test
    void whatIsNoNumberIsText() {
        assertEquals("\"NaN\"", asDouble("NaN"));
        assertEquals("\"-Infinity\"", asDouble("-Infinity"));
    }
}
