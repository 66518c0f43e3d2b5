package io.pgcdc.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PositionTest {

    @Test
    void printsAsTheServerPrintsAnLsnThenTheOrdinalThenALaterEpoch() {
        assertEquals("0/1A2B3C8:5", new Position(0, 0x1A2B3C8L, 5).toString());
        assertEquals("0/1A2B3C8:5@1", new Position(1, 0x1A2B3C8L, 5).toString());
        assertEquals("FFFFFFFF/0:-1", new Position(0, 0xFFFFFFFF_00000000L, -1).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0/0:0", "0/1A2B3C8:5", "16/B374D848:-1", "FFFFFFFF/FFFFFFFF:9223372036854775807@7"})
    void readsWhatItPrints(String text) {
        assertEquals(text, Position.parse(text).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "0/0", "0/:1", "/0:1", "0/0:", "0/0@1:2", "0/123456789:1", "x/0:1", "0/0:1@x", "0/-1:1"})
    void refusesAnythingElse(String text) {
        assertThrows(IllegalArgumentException.class, () -> Position.parse(text));
    }

    @Test
    void growsByEpochThenByLsnUnsignedThenByOrdinal() {
        List<Position> ordered = Stream.of(
                        "0/1:-1", "0/1:0", "0/1:1", "0/2:0", "7FFFFFFF/FFFFFFFF:0", "80000000/0:0", "0/1:0@1")
                .map(Position::parse)
                .toList();
        assertEquals(ordered, ordered.stream().sorted().toList());
    }
}
