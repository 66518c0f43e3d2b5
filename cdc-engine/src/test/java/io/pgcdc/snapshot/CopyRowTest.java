package io.pgcdc.snapshot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pgcdc.decode.MessageBytes;
import io.pgcdc.error.DecodeException;
import io.pgcdc.error.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** COPY's text becomes the Insert message that the stream would send. */
class CopyRowTest {

    private static final int OID = 16_384;

    private static byte[] converted(CopyRow copy, String row) {
        copy.convert(row.getBytes(StandardCharsets.UTF_8));
        return Arrays.copyOf(copy.message(), copy.length());
    }

    private static byte[] insert(@Nullable String... values) {
        MessageBytes message = MessageBytes.of('I').int32(OID).int8('N').int16(values.length);
        for (String value : values) {
            if (value == null) {
                message.int8('n');
            } else {
                message.text(value);
            }
        }
        return message.bytes();
    }

    private static CopyRow row(int columns) {
        return new CopyRow(OID, columns, "shop.items");
    }

    @Test
    void fieldsBecomeColumns() {
        CopyRow copy = row(4);
        assertArrayEquals(insert("1", null, "", "ä€😀"), converted(copy, "1\t\\N\t\tä€😀\n"));
        assertArrayEquals(insert(null, null, null, null), converted(copy, "\\N\t\\N\t\\N\t\\N\n"));
        assertArrayEquals(insert("", "", "", ""), converted(copy, "\t\t\t\n"));
    }

    @Test
    void escapesBecomeBytes() {
        assertArrayEquals(insert("a\tb\nc\\d\re\bf\fg\u000Bh"), converted(row(1), "a\\tb\\nc\\\\d\\re\\bf\\fg\\vh\n"));
        assertArrayEquals(insert("\\N", "\\", "x\\"), converted(row(3), "\\\\N\t\\\\\tx\\\\\n"));
    }

    @Test
    void aTableMayHaveNoColumnOrOne() {
        assertArrayEquals(insert(), converted(row(0), "\n"));
        assertArrayEquals(insert(""), converted(row(1), "\n"));
    }

    @Test
    void theBufferGrowsWithTheRow() {
        CopyRow copy = row(2);
        String large = "x\\\\".repeat(100_000);
        assertArrayEquals(insert(large.replace("\\\\", "\\"), "1"), converted(copy, large + "\t1\n"));
        assertArrayEquals(insert("2", "3"), converted(copy, "2\t3\n"), "nothing of the last row is left");
    }

    @ParameterizedTest
    @CsvSource({"1\t2", "1\t2\t3\t4", "1\t2\t\\x41", "1\t2\tx\\", "''"})
    void anotherFormIsRefused(String malformed) {
        DecodeException e = assertThrows(DecodeException.class, () -> converted(row(3), malformed + "\n"));
        assertEquals(ErrorCode.DECODE_MALFORMED, e.code());
    }
}
