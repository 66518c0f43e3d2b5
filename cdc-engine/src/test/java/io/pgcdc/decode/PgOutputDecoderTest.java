package io.pgcdc.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.DecodeException;
import io.pgcdc.error.ErrorCode;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PgOutputDecoderTest {

    private static final long LSN = 0x16_B374_D848L;
    private static final long MILLENNIUM_MICROS = 946_684_800_000_000L;

    private static final byte[] BEGIN =
            MessageBytes.of('B').int64(100).int64(7).int32(771).bytes();
    private static final byte[] COMMIT =
            MessageBytes.of('C').int8(0).int64(100).int64(148).int64(7).bytes();
    private static final byte[] ORIGIN =
            MessageBytes.of('O').int64(99).string("berlin").bytes();
    private static final byte[] TYPE =
            MessageBytes.of('Y').int32(16_400).string("shop").string("mood").bytes();
    private static final byte[] RELATION = MessageBytes.of('R')
            .int32(16_385)
            .string("shop")
            .string("users")
            .int8('d')
            .int16(2)
            .int8(1)
            .string("id")
            .int32(23)
            .int32(-1)
            .int8(0)
            .string("bio")
            .int32(25)
            .int32(-1)
            .bytes();
    private static final byte[] INSERT = MessageBytes.of('I')
            .int32(16_385)
            .int8('N')
            .int16(2)
            .text("1")
            .int8('n')
            .bytes();
    private static final byte[] UPDATE = MessageBytes.of('U')
            .int32(16_385)
            .int8('N')
            .int16(2)
            .text("1")
            .int8('u')
            .bytes();
    private static final byte[] UPDATE_KEY = MessageBytes.of('U')
            .int32(16_385)
            .int8('K')
            .int16(2)
            .text("1")
            .int8('n')
            .int8('N')
            .int16(2)
            .text("2")
            .text("ü")
            .bytes();
    private static final byte[] UPDATE_FULL = MessageBytes.of('U')
            .int32(16_385)
            .int8('O')
            .int16(2)
            .text("1")
            .text("a")
            .int8('N')
            .int16(2)
            .text("1")
            .text("b")
            .bytes();
    private static final byte[] DELETE_KEY = MessageBytes.of('D')
            .int32(16_385)
            .int8('K')
            .int16(2)
            .text("1")
            .int8('n')
            .bytes();
    private static final byte[] DELETE_FULL = MessageBytes.of('D')
            .int32(16_385)
            .int8('O')
            .int16(2)
            .text("1")
            .text("")
            .bytes();
    private static final byte[] TRUNCATE =
            MessageBytes.of('T').int32(2).int8(3).int32(16_385).int32(16_390).bytes();
    private static final byte[] MESSAGE = MessageBytes.of('M')
            .int8(1)
            .int64(90)
            .string("audit")
            .int32(2)
            .int8('h')
            .int8('i')
            .bytes();

    private static final List<byte[]> ALL = List.of(
            BEGIN,
            COMMIT,
            ORIGIN,
            TYPE,
            RELATION,
            INSERT,
            UPDATE,
            UPDATE_KEY,
            UPDATE_FULL,
            DELETE_KEY,
            DELETE_FULL,
            TRUNCATE,
            MESSAGE);

    private static String decode(byte[] message) {
        RecordingHandler handler = new RecordingHandler();
        new PgOutputDecoder(1).decode(message, 0, message.length, LSN, handler);
        assertEquals(1, handler.told.size());
        return handler.told.get(0);
    }

    @Test
    void readsEachMessage() {
        long time = MILLENNIUM_MICROS + 7;
        assertEquals("begin 100 " + time + " 771", decode(BEGIN));
        assertEquals("commit 100 148 " + time, decode(COMMIT));
        assertEquals("origin 99 berlin", decode(ORIGIN));
        assertEquals("type 16400 shop.mood", decode(TYPE));
        assertEquals(
                "relation 16385 shop.users DEFAULT [ColumnLayout[name=id, typeOid=23, typmod=-1, identity=true],"
                        + " ColumnLayout[name=bio, typeOid=25, typmod=-1, identity=false]]",
                decode(RELATION));
        assertEquals("insert 16385 [1, null]", decode(INSERT));
        assertEquals("update 16385 none [1, unchanged]", decode(UPDATE));
        assertEquals("update 16385 key[1, null] [2, ü]", decode(UPDATE_KEY));
        assertEquals("update 16385 whole[1, a] [1, b]", decode(UPDATE_FULL));
        assertEquals("delete 16385 key[1, null]", decode(DELETE_KEY));
        assertEquals("delete 16385 whole[1, ]", decode(DELETE_FULL));
        assertEquals("truncate [16385, 16390] cascade restart", decode(TRUNCATE));
        assertEquals("message true 90 audit hi", decode(MESSAGE));
    }

    @Test
    void anEmptyNamespaceIsPgCatalog() {
        byte[] relation = MessageBytes.of('R')
                .int32(1259)
                .string("")
                .string("pg_class")
                .int8('n')
                .int16(0)
                .bytes();
        assertEquals("relation 1259 pg_catalog.pg_class NOTHING []", decode(relation));
    }

    static Stream<byte[]> allMessages() {
        return ALL.stream();
    }

    @ParameterizedTest
    @MethodSource("allMessages")
    void eachMessageCutOffAnywhereIsMalformed(byte[] message) {
        for (int length = 0; length < message.length; length++) {
            byte[] cut = Arrays.copyOf(message, length);
            DecodeException error = assertThrows(DecodeException.class, () -> decode(cut), "cut to " + length);
            assertTrue(error.getMessage().contains("LSN 16/B374D848, byte "), error.getMessage());
        }
    }

    @ParameterizedTest
    @MethodSource("allMessages")
    void eachMessageWithBytesBehindItsEndIsMalformed(byte[] message) {
        byte[] longer = Arrays.copyOf(message, message.length + 1);
        assertEquals(
                ErrorCode.DECODE_MALFORMED,
                assertThrows(DecodeException.class, () -> decode(longer)).code());
    }

    @Test
    void anUnknownTypeNamesByteOffsetAndLsn() {
        DecodeException error = assertThrows(
                DecodeException.class,
                () -> decode(MessageBytes.of('S').int32(5).bytes()));
        assertEquals(ErrorCode.DECODE_UNKNOWN_MESSAGE, error.code());
        assertTrue(
                error.getMessage().startsWith("unknown message type; in message 'S' at LSN 16/B374D848, byte 1 of 5"),
                error.getMessage());
    }

    @Test
    void anUnknownProtocolVersionIsRefused() {
        DecodeException error = assertThrows(DecodeException.class, () -> new PgOutputDecoder(5));
        assertEquals(ErrorCode.DECODE_UNSUPPORTED_VERSION, error.code());
    }

    @Test
    void aLengthThatPromisesMoreThanThereIsAllocatesNothing() {
        assertThrows(
                DecodeException.class,
                () -> decode(MessageBytes.of('I')
                        .int32(1)
                        .int8('N')
                        .int16(0xFFFF)
                        .int8('n')
                        .bytes()));
        assertThrows(
                DecodeException.class,
                () -> decode(MessageBytes.of('I')
                        .int32(1)
                        .int8('N')
                        .int16(1)
                        .int8('t')
                        .int32(Integer.MAX_VALUE)
                        .bytes()));
        assertThrows(
                DecodeException.class,
                () -> decode(MessageBytes.of('I')
                        .int32(1)
                        .int8('N')
                        .int16(1)
                        .int8('t')
                        .int32(-1)
                        .bytes()));
        assertThrows(
                DecodeException.class,
                () -> decode(
                        MessageBytes.of('T').int32(Integer.MAX_VALUE).int8(0).bytes()));
        assertThrows(
                DecodeException.class,
                () -> decode(MessageBytes.of('R')
                        .int32(1)
                        .string("a")
                        .string("b")
                        .int8('d')
                        .int16(0xFFFF)
                        .bytes()));
    }

    @Test
    void mutatedMessagesEndInSuccessOrDecodeException() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < 200_000; i++) {
            byte[] message = ALL.get(random.nextInt(ALL.size())).clone();
            for (int n = 1 + random.nextInt(3); n > 0; n--) {
                message[random.nextInt(message.length)] = (byte) random.nextInt(256);
            }
            try {
                new PgOutputDecoder(1).decode(message, 0, message.length, LSN, new RecordingHandler());
            } catch (DecodeException expected) {
                refused++;
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ", round " + i + ": " + Arrays.toString(message), e);
            }
        }
        assertTrue(refused > 10_000, "only " + refused + " of the mutated messages were refused, seed " + seed);
    }
}
