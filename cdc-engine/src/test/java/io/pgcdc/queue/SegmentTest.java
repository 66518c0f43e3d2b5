package io.pgcdc.queue;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import io.pgcdc.model.SnapshotPlace;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SegmentTest {

    private final SegmentBuilder segment = new SegmentBuilder();

    private SegmentBuilder filled() {
        segment.begin();
        segment.addFrame(0x1122334455667788L, new byte[] {9, 1, 2, 3, 9}, 1, 3);
        segment.addFrame(-1, new byte[0], 0, 0);
        segment.flags(0xA5);
        segment.epoch(3);
        segment.xid(-2);
        segment.subXid(5);
        segment.chunk(6);
        segment.changeCount(7);
        segment.firstCommitLsn(8);
        segment.lastCommitLsn(-9);
        segment.lastCommitEndLsn(10);
        segment.commitTimeMicros(-11);
        segment.firstOrdinal(12);
        segment.seal(SegmentKind.LAST);
        return segment;
    }

    private SegmentView loaded(byte[] bytes) {
        SegmentView copy = new SegmentView();
        copy.load(bytes, 0, bytes.length, "file x at 17");
        return copy;
    }

    private byte[] sealedBytes() {
        return Arrays.copyOf(filled().array(), segment.sealedLength());
    }

    @Test
    void everyFieldAndFrameComesBack() {
        SegmentView read = loaded(sealedBytes());
        SegmentHeader header = read.header();
        assertEquals(SegmentKind.LAST, header.kind());
        assertEquals(0xA5, header.flags());
        assertEquals(3, header.epoch());
        assertEquals(-2, header.xid());
        assertEquals(5, header.subXid());
        assertEquals(6, header.chunk());
        assertEquals(7, header.changeCount());
        assertEquals(8, header.firstCommitLsn());
        assertEquals(-9, header.lastCommitLsn());
        assertEquals(10, header.lastCommitEndLsn());
        assertEquals(-11, header.commitTimeMicros());
        assertEquals(12, header.firstOrdinal());
        assertEquals(12 + 3 + 12, header.framesLength());

        assertTrue(read.nextFrame());
        assertEquals(0x1122334455667788L, read.frameLsn());
        assertArrayEquals(
                new byte[] {1, 2, 3},
                Arrays.copyOfRange(read.array(), read.frameOffset(), read.frameOffset() + read.frameLength()));
        assertTrue(read.nextFrame());
        assertEquals(-1, read.frameLsn());
        assertEquals(0, read.frameLength());
        assertFalse(read.nextFrame());
        assertFalse(read.nextFrame());
        read.rewind();
        assertTrue(read.nextFrame());
    }

    /** The bytes on disk never change for version 1: queues of earlier builds must stay readable. */
    @Test
    void theLayoutIsPinned() {
        byte[] bytes = sealedBytes();
        String header = java.util.HexFormat.of().formatHex(bytes, 0, 88);
        assertEquals("5047435300010058", header.substring(0, 16));
        assertEquals(
                "04a50000" + "00000003" + "fffffffe" + "00000005" + "00000006" + "00000007" + "0000000000000008"
                        + "fffffffffffffff7" + "000000000000000a" + "fffffffffffffff5" + "000000000000000c"
                        + "0000001b" + "00000000",
                header.substring(32));
        CRC32C crc = new CRC32C();
        crc.update(bytes, 88, bytes.length - 88);
        assertEquals((int) crc.getValue(), BigEndian.getInt(bytes, 12));
        crc.reset();
        crc.update(bytes, 12, 76);
        assertEquals((int) crc.getValue(), BigEndian.getInt(bytes, 8));
        assertEquals(
                "1122334455667788" + "00000003" + "010203",
                java.util.HexFormat.of().formatHex(bytes, 88, 103));
    }

    @Test
    void everyFlippedBitIsDetected() {
        byte[] bytes = sealedBytes();
        for (int i = 0; i < bytes.length * 8; i++) {
            byte[] flipped = bytes.clone();
            flipped[i / 8] ^= (byte) (1 << i % 8);
            int at = i / 8;
            QueueException e = assertThrows(QueueException.class, () -> loaded(flipped), "byte " + at);
            assertEquals(at == 4 || at == 5 ? ErrorCode.QUEUE_FORMAT : ErrorCode.QUEUE_DAMAGED, e.code());
            assertTrue(String.valueOf(e.getMessage()).contains("file x at 17"));
        }
    }

    @Test
    void everyWrongLengthIsDetected() {
        byte[] bytes = sealedBytes();
        for (int length = 0; length < bytes.length + 3; length++) {
            byte[] other = Arrays.copyOf(bytes, length);
            if (length != bytes.length) {
                assertEquals(
                        ErrorCode.QUEUE_DAMAGED,
                        assertThrows(QueueException.class, () -> loaded(other)).code());
            }
        }
    }

    @Test
    void aKindOfALaterVersionIsReportedAsNewer() {
        byte[] bytes = sealedBytes();
        for (int kind : new int[] {0, 6, 16, 255}) {
            bytes[SegmentHeader.KIND_AT] = (byte) kind;
            BigEndian.putInt(bytes, SegmentHeader.HEADER_CRC_AT, SegmentHeader.headerCrc(bytes, new CRC32C()));
            QueueException e = assertThrows(QueueException.class, () -> loaded(bytes));
            assertEquals(ErrorCode.QUEUE_FORMAT, e.code());
            assertTrue(String.valueOf(e.getMessage()).contains("kind " + kind));
        }
    }

    /** A defect of the writer: the CRC matches, the length does not. */
    @Test
    void aFrameLongerThanTheSegmentIsDetected() {
        for (int length : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 100, 16}) {
            byte[] bytes = sealedBytes();
            BigEndian.putInt(bytes, 88 + SegmentHeader.FRAME_LENGTH_AT, length);
            BigEndian.putInt(bytes, SegmentHeader.FRAMES_CRC_AT, SegmentHeader.framesCrc(bytes, 27, new CRC32C()));
            BigEndian.putInt(bytes, SegmentHeader.HEADER_CRC_AT, SegmentHeader.headerCrc(bytes, new CRC32C()));
            SegmentView read = loaded(bytes);
            QueueException e = assertThrows(QueueException.class, () -> {
                while (read.nextFrame()) {
                    read.frameLsn();
                }
            });
            assertEquals(ErrorCode.QUEUE_DAMAGED, e.code());
        }
    }

    @Test
    void randomBytesAreAQueueError() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] whole = sealedBytes();
        for (int i = 0; i < 5000; i++) {
            byte[] bytes = Arrays.copyOf(whole, random.nextInt(200));
            for (int flips = 0; flips < 4 && bytes.length > 0; flips++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            if (!Arrays.equals(bytes, whole)) {
                assertThrows(QueueException.class, () -> loaded(bytes), "seed " + seed);
            }
        }
    }

    @Test
    void cuttingABufferKeepsTheFramesAfterTheMark() {
        segment.begin();
        segment.addFrame(1, new byte[] {1}, 0, 1);
        int mark = segment.end();
        segment.addFrame(2, new byte[] {2, 2}, 0, 2);
        segment.xid(5);
        segment.seal(SegmentKind.TRANSACTIONS, mark);
        byte[] first = Arrays.copyOf(segment.array(), segment.sealedLength());
        segment.keepFrom(mark);
        assertEquals(0, segment.header().xid(), "a new header");
        assertEquals(12 + 2, segment.framesBytes());
        segment.addFrame(3, new byte[] {3}, 0, 1);
        segment.seal(SegmentKind.FIRST);

        SegmentView one = loaded(first);
        assertTrue(one.nextFrame());
        assertEquals(1, one.frameLsn());
        assertFalse(one.nextFrame());
        SegmentView two = loaded(Arrays.copyOf(segment.array(), segment.sealedLength()));
        assertTrue(two.nextFrame());
        assertEquals(2, two.frameLsn());
        assertTrue(two.nextFrame());
        assertEquals(3, two.frameLsn());
        assertFalse(two.nextFrame());
    }

    @Test
    void framesAfterAMarkCanBeRemoved() {
        segment.begin();
        segment.addFrame(1, new byte[] {1}, 0, 1);
        int mark = segment.end();
        segment.addFrame(2, new byte[100_000], 0, 100_000);
        segment.truncate(mark);
        segment.seal(SegmentKind.TRANSACTIONS);
        assertEquals(88 + 13, segment.sealedLength());
        assertThrows(IllegalArgumentException.class, () -> segment.truncate(87));
        assertThrows(IllegalArgumentException.class, () -> segment.truncate(mark + 1));
    }

    @Test
    void builderReleasesTheMemoryOfAHugeRow() {
        segment.begin();
        segment.addFrame(1, new byte[10 << 20], 0, 10 << 20);
        assertTrue(segment.array().length > 10 << 20);
        segment.begin();
        assertTrue(segment.array().length < 1 << 20);
    }

    @Test
    void viewReleasesTheMemoryOfAHugeSegment() {
        byte[] small = sealedBytes();
        segment.begin();
        segment.addFrame(1, new byte[10 << 20], 0, 10 << 20);
        segment.seal(SegmentKind.TRANSACTIONS);
        SegmentView view = loaded(Arrays.copyOf(segment.array(), segment.sealedLength()));
        assertTrue(view.array().length > 10 << 20);
        view.load(small, 0, small.length, "small");
        assertTrue(view.array().length < 1 << 20);
        assertEquals(SegmentKind.LAST, view.header().kind(), "the header reads the new array");
    }

    @Test
    void headerIsReadWithoutTheFrames() {
        byte[] bytes = sealedBytes();
        bytes[bytes.length - 1] ^= 1;
        SegmentHeader header = new SegmentHeader();
        header.load(bytes, 0, bytes.length, "file x at 17");
        assertEquals(12, header.firstOrdinal());
        assertThrows(QueueException.class, () -> loaded(bytes));
        assertThrows(QueueException.class, () -> header.load(bytes, 0, SegmentHeader.LENGTH - 1, "file x at 17"));
    }

    @Test
    void anUnloadedSegmentCannotBeRead() {
        assertThrows(IllegalStateException.class, () -> new SegmentView().nextFrame());
        assertThrows(IllegalStateException.class, () -> new SegmentHeader().kind());
        segment.begin();
        assertThrows(IllegalStateException.class, segment::sealedLength);
    }

    @ParameterizedTest
    @CsvSource({
        "TRANSACTIONS, true, true",
        "FIRST, true, false",
        "MIDDLE, false, false",
        "LAST, false, true",
        "MESSAGE, true, true",
        "CHUNK, true, true",
        "CHUNK_FIRST, true, false",
        "CHUNK_MIDDLE, false, false",
        "CHUNK_LAST, false, true"
    })
    void eachKindTellsIfATransactionCrossesItsEnds(SegmentKind kind, boolean begins, boolean ends) {
        assertEquals(begins, kind.begins());
        assertEquals(!begins, kind.continues());
        assertEquals(ends, kind.endsTransaction());
    }

    @ParameterizedTest
    @CsvSource({
        "1, true, false, FIRST",
        "1, false, true, INSIDE",
        "2, true, true, FIRST_OF_TABLE",
        "3, true, false, FIRST",
        "5, true, true, FIRST",
        "6, true, true, LAST_OF_TABLE",
        "15, true, true, LAST",
        "12, false, true, LAST",
        "12, true, false, INSIDE",
        "31, true, true, INCREMENTAL"
    })
    void marksTellWhereARowStands(int marks, boolean firstRow, boolean lastRow, SnapshotPlace place) {
        assertEquals(place, ChunkMarks.place(marks, firstRow, lastRow));
    }

    @Test
    void relationVersionsAreStoredAsFrames() {
        segment.begin();
        RelationVersionFrame.add(segment, 77, 16384, 12, new byte[16]);
        segment.seal(SegmentKind.TRANSACTIONS);
        SegmentView read = loaded(Arrays.copyOf(segment.array(), segment.sealedLength()));
        assertTrue(read.nextFrame());
        byte[] bytes = read.array();
        int at = read.frameOffset();
        int length = read.frameLength();
        assertEquals(77, read.frameLsn());
        assertTrue(RelationVersionFrame.is(bytes, at, length));
        assertEquals(16384, RelationVersionFrame.oid(bytes, at, length));
        assertEquals(12, RelationVersionFrame.version(bytes, at, length));
        assertFalse(RelationVersionFrame.is(bytes, at, 0));
        assertFalse(RelationVersionFrame.is(new byte[] {'I'}, 0, 1));
        assertEquals(
                ErrorCode.QUEUE_DAMAGED,
                assertThrows(QueueException.class, () -> RelationVersionFrame.oid(bytes, at, length - 1))
                        .code());
    }
}
