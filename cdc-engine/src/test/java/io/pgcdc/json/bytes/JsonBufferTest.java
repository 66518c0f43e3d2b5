package io.pgcdc.json.bytes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.pgcdc.error.DecodeException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.json.value.IsoTime;
import io.pgcdc.model.Lsn;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonBufferTest {

    @ParameterizedTest
    @ValueSource(longs = {0, 9, 10, -1, 1234567890, Long.MAX_VALUE, Long.MIN_VALUE, -Long.MAX_VALUE})
    void writesNumbers(long value) {
        assertEquals(Long.toString(value), new JsonBuffer().appendLong(value).toString());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 0x10, 0x1_0000_0000L, 0x16_B374_D848L, -1, 0xF_0FFF_FFFFL})
    void writesLsnsAsTheServerPrintsThem(long lsn) {
        assertEquals(Lsn.toString(lsn), new JsonBuffer().appendLsn(lsn).toString());
    }

    @Test
    void writesEveryCharacterAtEveryPlaceOfAString() throws Exception {
        for (String special : new String[] {"\"", "\\", "\n", "\u0000", "\u001f", " ", "\u007f", "ü", "€", "🐘", "a"}) {
            for (int before = 0; before < 20; before++) {
                String text = "x".repeat(before) + special + "y".repeat(20 - before) + special;
                byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
                assertEquals(text, parsed(new JsonBuffer().appendString(utf8, 0, utf8.length)));
                assertEquals(text, parsed(new JsonBuffer().appendString(text)));
            }
        }
    }

    private static String parsed(JsonBuffer json) throws Exception {
        try (JsonParser parser = new JsonFactory().createParser(json.array(), 0, json.length())) {
            parser.nextToken();
            return parser.getText();
        }
    }

    @Test
    void replacesAnUnpairedSurrogate() {
        assertEquals("\"a\uFFFD\"", new JsonBuffer().appendString("a\uD800").toString());
    }

    @Test
    void writesBase64() {
        byte[] bytes = new byte[50];
        new Random(7).nextBytes(bytes);
        for (int length = 0; length < 49; length++) {
            String expected = Base64.getEncoder().encodeToString(java.util.Arrays.copyOfRange(bytes, 1, 1 + length));
            assertEquals(
                    '"' + expected + '"',
                    new JsonBuffer().appendBase64(bytes, 1, length).toString());
        }
    }

    @Test
    void takesBackWhatWasWrittenAfterAMark() {
        JsonBuffer buffer = new JsonBuffer().appendAscii("keep");
        int mark = buffer.length();
        buffer.appendAscii("drop").truncate(mark);
        assertEquals("keep", buffer.toString());
        assertThrows(IllegalArgumentException.class, () -> buffer.truncate(mark + 1));
        buffer.clear();
        assertEquals("", buffer.toString());
    }

    @Test
    void refusesToGrowBeyondItsLimit() {
        JsonBuffer buffer = new JsonBuffer(1, 10).appendAscii("0123456789");
        DecodeException e = assertThrows(DecodeException.class, () -> buffer.appendByte('x'));
        assertEquals(ErrorCode.ROW_TOO_LARGE, e.code());
        assertEquals("0123456789", buffer.toString());
        assertThrows(DecodeException.class, () -> new JsonBuffer().reserve(Integer.MAX_VALUE));
    }

    @ParameterizedTest
    @ValueSource(
            longs = {
                0,
                -1,
                1_767_323_045_678_901L,
                951_782_400_000_000L,
                4_107_542_400_000_000L,
                -62_135_596_800_000_000L,
                253_402_300_799_999_999L
            })
    void writesTimesAsIso8601(long micros) {
        JsonBuffer out = new JsonBuffer();
        IsoTime.append(micros, out);
        java.time.Instant instant = java.time.Instant.EPOCH.plus(micros, java.time.temporal.ChronoUnit.MICROS);
        String expected = java.time.format.DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'")
                .format(instant.atOffset(java.time.ZoneOffset.UTC));
        assertEquals(expected, out.toString());
    }

    @Test
    void writesTimesOfEveryDayOfFourCenturies() {
        JsonBuffer out = new JsonBuffer();
        for (java.time.LocalDate day = java.time.LocalDate.of(1899, 12, 31);
                day.getYear() < 2301;
                day = day.plusDays(1)) {
            out.clear();
            IsoTime.append(day.toEpochDay() * 86_400_000_000L, out);
            assertEquals(day + "T00:00:00.000000Z", out.toString());
        }
    }
}
