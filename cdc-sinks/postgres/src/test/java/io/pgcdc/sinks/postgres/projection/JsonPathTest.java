package io.pgcdc.sinks.postgres.projection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pgcdc.testkit.sinks.TargetDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonPathTest {

    private static final List<String> PATHS = List.of(
            "->'a'",
            "->>'a'",
            "->'a'->'b'",
            "->'a'->>'b'",
            "->0",
            "->>0",
            "->-1",
            "->>-2",
            "->-3",
            "->'a'->1->>'b'",
            "->'a'->0",
            "->'x''y'->>'q'",
            "->>'none'");

    private static final List<String> TEXTS = List.of(
            "{}",
            "[]",
            "null",
            "1",
            "\"text\"",
            "{\"a\": null}",
            "{\"a\": \"q\\\"\\u00e9\\n\\ud83d\\ude00\"}",
            "{\"a\": 12.50e1, \"b\": 1}",
            "{\"b\": [1, 2], \"a\": {\"b\": {\"a\": 7}, \"c\": true}}",
            "{\"a\": [{\"b\": 1}, {\"b\": \"two\"}], \"x'y\": {\"q\": false}}",
            "[1, {\"a\": [2]}, \"three\"]",
            "[null, \"x\"]",
            "{\"é\": 1, \"a\": \"é\", \"z\": {\"a\": 1}}",
            "{\"a\": 1, \"a\": {\"b\": 2}}",
            "  { \"a\" : [ 1 , 2 ] }  ");

    /** Both types: json keeps its spaces and its equal keys. */
    @Test
    void theValueIsTheOneThatTheServersOwnOperatorsGive() throws IOException {
        try (TargetDatabase server = new TargetDatabase(18)) {
            for (String type : List.of("json", "jsonb")) {
                for (String text : TEXTS) {
                    String literal = "'" + text.replace("'", "''") + "'::" + type;
                    byte[] sent = ("##" + server.ask("SELECT " + literal + "::text")).getBytes(StandardCharsets.UTF_8);
                    for (String path : PATHS) {
                        byte[] found = JsonPath.parse(path).find(sent, 2, sent.length - 2, type.equals("jsonb"));
                        assertEquals(
                                server.ask("SELECT (" + literal + path + ")::text"),
                                found == null ? "null" : new String(found, StandardCharsets.UTF_8),
                                literal + path);
                    }
                }
            }
        }
    }

    @Test
    void aPathIsPrintedAsItIsRead() {
        PATHS.forEach(path -> assertEquals(path, JsonPath.parse(path).toString()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"->", "->a", "->>'a'->'b'", "->'a", "->'a' ->>", "=>'a'", "->'a'x", "->1.5"})
    void anotherFormIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> JsonPath.parse(text));
    }

    @Test
    void aTextThatIsNotJsonIsAnError() {
        byte[] text = "{\"a\": ".getBytes(StandardCharsets.UTF_8);
        assertThrows(IOException.class, () -> JsonPath.parse("->'b'").find(text, 0, text.length, true));
    }
}
