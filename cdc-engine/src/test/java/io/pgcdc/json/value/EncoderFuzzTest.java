package io.pgcdc.json.value;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.pgcdc.error.DecodeException;
import io.pgcdc.model.PgType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Damaged texts of every type: the only legal ends are valid JSON and DecodeException. */
class EncoderFuzzTest {

    private static final int ROUNDS = Boolean.getBoolean("pgcdc.soak") ? 300_000 : 10_000;

    private static final JsonFactory JSON = new JsonFactoryBuilder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNumberLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private static final List<String> SEEDS = List.of(
            "t",
            "-12.50e3",
            "NaN",
            "2026-01-02 03:04:05.678901+00",
            "0044-03-15 12:00:00+00 BC",
            "infinity",
            "{\"a\": [1, 2.5, {\"b\": \"c\\n\\u00e9\"}], \"d\": null}",
            "{1,NULL,3}",
            "[0:1][2:3]={{1,2},{3,4}}",
            "{\"a \\\"b\\\"\",c,\"\"}",
            "{(1,1),(0,0);(3,4),(1,2)}",
            "1 2 3",
            "(a,\"{x,\"\"y z\"\"}\",\"[1, 2]\")",
            "(n,\"(\"\"s 1\"\",\"\"{\"\"\"\"t u\"\"\"\"}\"\",[1])\",\"{\"\"(o,\\\\\"\"{p,q}\\\\\"\",)\"\"}\")",
            "\"a\"=>\"1\", \"b \\\"c\\\"\"=>NULL",
            "()",
            "",
            "日本 🐘",
            "{}");

    private static final byte[] TELLING = "{}[](),;:\"\\=> \n\u0001tfn01eE+-.NULL".getBytes(StandardCharsets.UTF_8);

    @Test
    void damagedTextEndsInValidJsonOrDecodeException() {
        long seed = System.nanoTime();
        System.out.println("EncoderFuzzTest seed " + seed);
        Random random = new Random(seed);
        int readable = 0;
        int unreadable = 0;
        for (PgType type : Types.ALL) {
            ValueEncoder encoder = ValueEncoder.of(type);
            ValueEquality equality = ValueEquality.of(type);
            for (int i = 0; i < ROUNDS; i++) {
                byte[] text = mutated(random);
                try {
                    String json = Types.encode(encoder, text);
                    readable++;
                    requireValid(json, type, text, seed);
                    byte[] other = mutated(random);
                    equality.equal(text, 0, text.length, other, 0, other.length);
                } catch (DecodeException e) {
                    unreadable++;
                } catch (RuntimeException e) {
                    throw new AssertionError(where(type, text, seed), e);
                }
            }
        }
        assertTrue(readable > ROUNDS && unreadable > ROUNDS, readable + " readable, " + unreadable + " not");
    }

    private static byte[] mutated(Random random) {
        byte[] text = SEEDS.get(random.nextInt(SEEDS.size())).getBytes(StandardCharsets.UTF_8);
        for (int changes = random.nextInt(4); changes > 0; changes--) {
            int at = random.nextInt(text.length + 1);
            int cut = Math.min(text.length - at, random.nextInt(3));
            byte[] in = new byte[random.nextInt(3)];
            for (int i = 0; i < in.length; i++) {
                in[i] = random.nextInt(8) == 0 ? (byte) random.nextInt(256) : TELLING[random.nextInt(TELLING.length)];
            }
            byte[] next = new byte[text.length - cut + in.length];
            System.arraycopy(text, 0, next, 0, at);
            System.arraycopy(in, 0, next, at, in.length);
            System.arraycopy(text, at + cut, next, at + in.length, text.length - at - cut);
            text = next;
        }
        return text;
    }

    private static void requireValid(String json, PgType type, byte[] text, long seed) {
        assertTrue(json.indexOf('\n') < 0, () -> where(type, text, seed));
        try (JsonParser parser = JSON.createParser(json)) {
            int values = 0;
            while (parser.nextToken() != null) {
                if (parser.currentToken().isScalarValue()) {
                    parser.getText();
                }
                values += parser.getParsingContext().inRoot() ? 1 : 0;
            }
            assertTrue(values > 0, () -> where(type, text, seed));
        } catch (IOException e) {
            throw new AssertionError(where(type, text, seed) + " became " + json, e);
        }
    }

    private static String where(PgType type, byte[] text, long seed) {
        return "seed " + seed + ", " + type.name() + " from " + new String(text, StandardCharsets.UTF_8) + " ("
                + HexFormat.of().formatHex(text) + ")";
    }
}
