package io.pgcdc.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.DecodeException;
import io.pgcdc.error.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameHeadTest {

    private static final long LSN = 0x1_0000_00FFL;

    private final FrameHead frame = new FrameHead();

    @ParameterizedTest
    @ValueSource(bytes = {PgOutput.INSERT, PgOutput.UPDATE, PgOutput.DELETE})
    void rowTellsItsTypeAndTable(byte type) {
        byte[] buffer = {9, type, (byte) 0x80, 0, 0x40, 1, 'N', 9};
        frame.wrap(LSN, 5, buffer, 1, 6);
        assertEquals(type, frame.type());
        assertEquals(0x8000_4001, frame.relationOid(), "unsigned");
        assertEquals(type, frame.type(), "in any order");
        assertEquals(LSN, frame.lsn());
        assertEquals(5, frame.sentMicros());
    }

    @Test
    void emptyMessageHasNoType() {
        frame.wrap(LSN, 0, new byte[] {'I'}, 1, 0);
        assertEquals(
                ErrorCode.DECODE_MALFORMED,
                assertThrows(DecodeException.class, frame::type).code());
    }

    @Test
    void tableIsNotReadPastTheEndOfTheMessage() {
        byte[] buffer = {'I', 0, 0, 0x40, 1};
        frame.wrap(LSN, 0, buffer, 0, 4);
        DecodeException e = assertThrows(DecodeException.class, frame::relationOid);
        assertEquals(ErrorCode.DECODE_MALFORMED, e.code());
        assertTrue(String.valueOf(e.getMessage()).contains("1/FF"), e.getMessage());
    }

    @Test
    void decoderReadsTheSameFrame() {
        byte[] begin = {'B', 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3};
        frame.wrap(LSN, 0, begin, 0, begin.length);
        BeginMessage message = new PgOutputDecoder(PgOutput.VERSION).begin(frame);
        assertEquals(7, message.commitLsn());
        assertEquals(3, message.xid());
    }

    @Test
    void unknownTypeIsNamed() {
        frame.wrap(LSN, 0, new byte[] {'?'}, 0, 1);
        DecodeException e = new PgOutputDecoder(PgOutput.VERSION).unknown(frame);
        assertEquals(ErrorCode.DECODE_UNKNOWN_MESSAGE, e.code());
        assertTrue(String.valueOf(e.getMessage()).contains("'?'"), e.getMessage());
    }
}
