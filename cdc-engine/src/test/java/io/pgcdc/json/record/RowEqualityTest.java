package io.pgcdc.json.record;

import static io.pgcdc.json.record.ChangeFixture.TOASTED;
import static io.pgcdc.json.record.ChangeFixture.row;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pgcdc.json.value.Types;
import io.pgcdc.model.PgType;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RowEqualityTest {

    @Test
    void nullDiffersFromAnyValue() {
        assertDiffers(false, Types.TEXT, null, null);
        assertDiffers(true, Types.TEXT, null, "");
        assertDiffers(true, Types.TEXT, "null", null);
    }

    @Test
    void nullAndJsonsNullAreOneInARowsJson() {
        assertDiffers(false, Types.JSON, null, " null ");
        assertDiffers(false, Types.domain(16600, "document", Types.JSONB), "null", null);
        assertDiffers(true, Types.JSON, null, "0");
    }

    @Test
    void whatWasNotSentBecauseItDidNotChangeDidNotChange() {
        assertDiffers(false, Types.TEXT, "a", TOASTED);
    }

    @Test
    void valuesAreComparedAsJsonb() {
        assertDiffers(false, Types.NUMERIC, "1.0", "1.00");
        assertDiffers(true, Types.TEXT, "1.0", "1.00");
    }

    private static void assertDiffers(boolean differs, PgType type, @Nullable String before, @Nullable String after) {
        RowEquality equality = new RowEquality(ChangeFixture.relation(1, List.of(0), type));
        assertEquals(differs, equality.differs(row(before), row(after), 0));
    }
}
