package io.pgcdc.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TidRangesTest {

    private static TidRange range(String text) {
        return TidRange.parse(text);
    }

    @Test
    void rangesThatTouchAreMerged() {
        TidRanges ranges = new TidRanges();
        ranges.add(range("0.0-10.0"));
        ranges.add(range("20.0-30.5"));
        assertEquals("0.0-10.0,20.0-30.5", ranges.toString());
        assertEquals(List.of(range("10.0-20.0"), range("30.5-")), ranges.missing());
        ranges.add(range("30.5-"));
        ranges.add(range("10.0-20.0"));
        assertEquals("0.0-", ranges.toString());
        assertTrue(ranges.isWhole());
        assertEquals(List.of(), ranges.missing());
    }

    @Test
    void theBeginningMayBeMissing() {
        TidRanges ranges = TidRanges.parse("5.0-");
        assertFalse(ranges.isWhole());
        assertEquals(List.of(range("0.0-5.0")), ranges.missing());
        assertEquals(List.of(range("0.0-")), new TidRanges().missing());
        assertEquals("", new TidRanges().toString());
        assertEquals("", TidRanges.parse("").toString());
    }

    /** Dividing again and again reads each place once. */
    @Test
    void aRangeIsDividedDownToOneItem() {
        Random chance = new Random(5);
        for (TidRange whole : List.of(range("0.0-1.0"), range("3.0-7.0"), range("2.5-4.9"), range("9.1-9.3"))) {
            List<TidRange> parts = new ArrayList<>(List.of(whole));
            for (int i = 0; i < 3_000; i++) {
                TidRange part = parts.remove(chance.nextInt(parts.size()));
                if (!part.isDivisible()) {
                    assertEquals(part.from() + 1, part.to(), part.toString());
                    parts.add(part);
                    continue;
                }
                long middle = part.middle();
                assertTrue(part.from() < middle && middle < part.to(), part.toString());
                parts.add(new TidRange(part.from(), middle));
                parts.add(new TidRange(middle, part.to()));
            }
            TidRanges merged = new TidRanges();
            parts.forEach(merged::add);
            assertEquals(whole.toString(), merged.toString());
        }
    }

    @Test
    void theConditionIsOnCtid() {
        assertEquals(
                "ctid >= '(3,0)'::pg_catalog.tid AND ctid < '(7,2)'::pg_catalog.tid",
                range("3.0-7.2").condition());
        assertEquals(
                "ctid >= '(4294967295,0)'::pg_catalog.tid",
                range("4294967295.0-").condition());
    }

    @Test
    void anotherTextIsNoRange() {
        for (String text : List.of("", "1", "1.0", "2.0-1.0", "1.0-1.0", "a.0-b.0", "1-2")) {
            assertThrows(IllegalArgumentException.class, () -> TidRange.parse(text), text);
        }
    }
}
