package io.pgcdc.queue;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Makes numbered segments. Segment {@code n} has commit LSN {@code n} and one frame, whose bytes depend on {@code n}. */
public final class TestSegments {

    private TestSegments() {}

    /** Whole transactions. */
    public static SegmentBuilder whole(long number, int frameBytes) {
        SegmentBuilder segment = new SegmentBuilder();
        fill(segment, number, frameBytes);
        return segment;
    }

    /** Fills a reused buffer with a segment of whole transactions. */
    public static void fill(SegmentBuilder segment, long number, int frameBytes) {
        segment.begin();
        byte[] content = content(number, frameBytes);
        segment.addFrame(number, content, 0, content.length);
        segment.xid((int) number);
        segment.changeCount(1);
        segment.firstCommitLsn(number);
        segment.lastCommitLsn(number);
        segment.lastCommitEndLsn(number + 1);
        segment.commitTimeMicros(number * 1000);
        segment.seal(SegmentKind.TRANSACTIONS);
    }

    /** One part of transaction {@code xid}, which commits at LSN {@code 1000 + xid}. */
    public static SegmentBuilder part(SegmentKind kind, int xid, long firstOrdinal, int changeCount) {
        SegmentBuilder segment = new SegmentBuilder();
        segment.begin();
        byte[] content = content(xid, 64);
        for (int i = 0; i < changeCount; i++) {
            segment.addFrame(xid, content, 0, content.length);
        }
        segment.xid(xid);
        segment.changeCount(changeCount);
        segment.firstOrdinal(firstOrdinal);
        segment.firstCommitLsn(1000 + xid);
        segment.lastCommitLsn(1000 + xid);
        segment.lastCommitEndLsn(kind == SegmentKind.LAST ? 1001 + xid : 0);
        segment.seal(kind);
        return segment;
    }

    /** One part of a chunk of a snapshot, whose rows have that LSN. */
    public static SegmentBuilder chunk(SegmentKind kind, int number, long lsn, long firstRow, int rows) {
        SegmentBuilder segment = new SegmentBuilder();
        segment.begin();
        byte[] content = content(number, 64);
        for (int i = 0; i < rows; i++) {
            segment.addFrame(0, content, 0, content.length);
        }
        segment.xid(number);
        segment.changeCount(rows);
        segment.firstOrdinal(io.pgcdc.model.Position.FIRST_READ_ORDINAL + firstRow);
        segment.firstCommitLsn(lsn);
        segment.lastCommitLsn(lsn);
        segment.seal(kind);
        return segment;
    }

    /** A non-transactional message. */
    public static SegmentBuilder message(long lsn) {
        SegmentBuilder segment = new SegmentBuilder();
        segment.begin();
        segment.addFrame(lsn, new byte[] {'M'}, 0, 1);
        segment.changeCount(1);
        segment.firstOrdinal(-1);
        segment.firstCommitLsn(lsn);
        segment.lastCommitLsn(lsn);
        segment.lastCommitEndLsn(lsn);
        segment.seal(SegmentKind.MESSAGE);
        return segment;
    }

    /** Checks that the segment is the one that {@link #whole} makes, byte for byte. Returns its number. */
    public static long check(SegmentView segment) {
        SegmentHeader header = segment.header();
        long number = header.lastCommitLsn();
        assertEquals(SegmentKind.TRANSACTIONS, header.kind());
        assertEquals(number, header.firstCommitLsn());
        assertEquals(number + 1, header.lastCommitEndLsn());
        assertEquals(number * 1000, header.commitTimeMicros());
        assertEquals((int) number, header.xid());
        assertEquals(1, header.changeCount());
        segment.rewind();
        assertTrue(segment.nextFrame());
        assertEquals(number, segment.frameLsn());
        byte[] found = java.util.Arrays.copyOfRange(
                segment.array(), segment.frameOffset(), segment.frameOffset() + segment.frameLength());
        assertArrayEquals(content(number, found.length), found);
        assertFalse(segment.nextFrame());
        return number;
    }

    private static byte[] content(long number, int length) {
        byte[] content = new byte[length];
        int state = (int) (number * 0x9E3779B9L) | 1;
        for (int i = 0; i < length; i++) {
            state = state * 1664525 + 1013904223;
            content[i] = (byte) (state >>> 24);
        }
        return content;
    }
}
