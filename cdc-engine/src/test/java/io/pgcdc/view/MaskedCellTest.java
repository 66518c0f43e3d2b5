package io.pgcdc.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pgcdc.json.record.ChangeFixture;
import io.pgcdc.model.RowView;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What stands for a value, which is the second of its row: its bytes do not begin at 0. */
class MaskedCellTest {

    private static RowView row(String value) {
        return ChangeFixture.row("first", value);
    }

    private static String masked(MaskedCell cell, String value) {
        cell.mask(row(value), 1);
        return new String(cell.buffer, cell.offset, cell.length, StandardCharsets.UTF_8);
    }

    private static String masked(String mask, String value) {
        return masked(MaskedCell.of(Mask.parse(mask), "salt"), value);
    }

    @ParameterizedTest
    @CsvSource({
        "fixed:x, anything, x",
        "fixed:Ä ö, anything, Ä ö",
        "fixed:, anything, ''",
        "fixed:x, '', x",
        "truncate:2, abc, ab",
        "truncate:3, abc, abc",
        "truncate:10000, abc, abc",
        "truncate:3, '', ''",
        // characters, not bytes: of two, three and four
        "truncate:2, äöü, äö",
        "truncate:1, 日本語, 日",
        "truncate:1, 😀😀, 😀",
        "truncate:3, aä日😀, aä日",
    })
    void aTextIsReplacedOrCut(String mask, String value, String expected) {
        assertEquals(expected, masked(mask, value));
    }

    @Test
    void aCutValueIsNotCopied() {
        MaskedCell cell = MaskedCell.of(Mask.parse("truncate:2"), null);
        RowView row = row("abc");
        cell.mask(row, 1);
        assertSame(row.buffer(1), cell.buffer);
    }

    /** RFC 4231, test case 2. */
    @Test
    void aHashIsHmacSha256UnderTheSaltInHexadecimal() {
        MaskedCell cell = MaskedCell.of(Mask.parse("hash"), "Jefe");
        String expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assertEquals(expected, masked(cell, "what do ya want for nothing?"));
    }

    @Test
    void equalValuesHaveEqualHashesUnderOneSaltOnly() {
        MaskedCell cell = MaskedCell.of(Mask.parse("hash"), "salt");
        String first = masked(cell, "a");
        assertNotEquals(first, masked(cell, "b"));
        assertEquals(first, masked(cell, "a"));
        assertEquals(first, masked("hash", "a"));
        assertNotEquals(first, masked(MaskedCell.of(Mask.parse("hash"), "other"), "a"));
    }

    @Test
    void aHashWithoutASaltIsOurMistake() {
        Mask hash = Mask.parse("hash");
        assertThrows(IllegalStateException.class, () -> MaskedCell.of(hash, null));
    }
}
