package io.pgcdc.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
        assertEquals("0/1A2B3C8:r12", Position.ofRead(0, 0x1A2B3C8L, 12).toString());
        assertEquals("FFFFFFFF/0:-1", new Position(0, 0xFFFFFFFF_00000000L, -1).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0/0:0",
                "0/1A2B3C8:5",
                "16/B374D848:-1",
                "FFFFFFFF/FFFFFFFF:9223372036854775807@7",
                "0/1:r0",
                "0/1:r9223372036854775806@7"
            })
    void readsWhatItPrints(String text) {
        assertEquals(text, Position.parse(text).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0/0",
                "0/:1",
                "/0:1",
                "0/0:",
                "0/0@1:2",
                "0/123456789:1",
                "x/0:1",
                "0/0:1@x",
                "0/-1:1",
                "0/0:-2",
                "0/0:-9223372036854775808",
                "0/0:r",
                "0/0:r-1",
                "0/0:r9223372036854775807",
                "0/0:R1"
            })
    void refusesAnythingElse(String text) {
        assertThrows(IllegalArgumentException.class, () -> Position.parse(text));
    }

    @Test
    void rowsOfSnapshotsAndMessagesAreApartFromTheTransactionAtTheirLsn() {
        List<String> kinds = List.of("0/1:r0", "0/1:-1", "0/1:0");
        for (String one : kinds) {
            for (String other : kinds) {
                assertEquals(one.equals(other), together(one, other), one + " " + other);
            }
        }
        assertTrue(together("0/1:r0", "0/1:r7"));
        assertTrue(together("0/1:0", "0/1:7"));
        assertFalse(together("0/1:0", "0/2:0"));
        assertFalse(together("0/1:0", "0/1:0@1"));
    }

    private static boolean together(String one, String other) {
        Position position = Position.parse(other);
        return Position.parse(one).isTogetherWith(position.epoch(), position.commitLsn(), position.ordinal());
    }

    @Test
    void growsByEpochThenByLsnUnsignedThenByOrdinal() {
        List<Position> ordered = Stream.of(
                        "0/1:r0",
                        "0/1:r12",
                        "0/1:-1",
                        "0/1:0",
                        "0/1:1",
                        "0/2:0",
                        "7FFFFFFF/FFFFFFFF:0",
                        "80000000/0:0",
                        "0/1:0@1")
                .map(Position::parse)
                .toList();
        assertEquals(ordered, ordered.stream().sorted().toList());
    }
}
