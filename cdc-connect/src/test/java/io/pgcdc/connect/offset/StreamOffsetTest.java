package io.pgcdc.connect.offset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.model.Position;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The stream's offset as Kafka Connect keeps it. */
class StreamOffsetTest {

    @ParameterizedTest
    @ValueSource(strings = {"0/1A2B3C8:5", "0/1A2B3C8:5@3", "FFFFFFFF/FFFFFFF0:-1", "0/10:r12"})
    void isReadAsItWasWritten(String position) {
        StreamOffset offset = new StreamOffset(Position.parse(position).epoch(), Position.parse(position), 0x1A2B3D0);
        assertEquals(offset, StreamOffset.parse(offset.toMap()));
    }

    @Test
    void hasNoPositionAtFirst() {
        StreamOffset offset = new StreamOffset(2, null, 77);
        assertEquals(Map.of("epoch", 2L, "acknowledged", "0/4D"), offset.toMap());
        assertEquals(offset, StreamOffset.parse(offset.toMap()));
        assertFalse(offset.isInTransaction());
    }

    @Test
    void aPersonMayWriteLessAndAnLsnAsANumber() {
        assertEquals(new StreamOffset(0, null, 255), StreamOffset.parse(Map.of("acknowledged", 255L)));
        assertEquals(
                new StreamOffset(1, Position.parse("0/10:0@1"), 32),
                StreamOffset.parse(Map.of("position", "0/10:0@1", "acknowledged", "0/20")));
    }

    /** The commit's own LSN is acknowledged with its end only. */
    @Test
    void isInsideATransactionUntilItsCommitIsAcknowledged() {
        Position position = Position.parse("0/100:5");
        assertTrue(new StreamOffset(0, position, 0x80).isInTransaction());
        assertTrue(new StreamOffset(0, position, 0x100).isInTransaction());
        assertFalse(new StreamOffset(0, position, 0x101).isInTransaction());
        assertFalse(new StreamOffset(0, Position.parse("0/100:-1"), 0x80).isInTransaction());
    }

    @Test
    void saysWhatIsWrong() {
        assertRefused(Map.of(), "acknowledged");
        assertRefused(Map.of("acknowledged", "x"), "\"0/1A2B3C8\"");
        assertRefused(Map.of("acknowledged", true), "\"0/1A2B3C8\"");
        assertRefused(Map.of("acknowledged", "0/1", "position", "nonsense"), "position nonsense");
        assertRefused(Map.of("acknowledged", "0/1", "position", 5), "position 5");
        assertRefused(Map.of("acknowledged", "0/1", "epoch", "one"), "epoch one");
        assertRefused(Map.of("acknowledged", "0/1", "epoch", 1, "position", "0/1:0"), "epoch 0");
        assertRefused(Map.of("acknowledged", "0/1", "lsn", "0/1"), "\"lsn\"");
    }

    private static void assertRefused(Map<String, ?> map, String said) {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> StreamOffset.parse(map));
        assertTrue(String.valueOf(refused.getMessage()).contains(said), refused.getMessage());
    }
}
