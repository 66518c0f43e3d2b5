package io.pgcdc.queue;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import java.util.Arrays;
import java.util.Objects;
import java.util.zip.CRC32C;

/**
 * A segment that capture fills frame by frame, seals, and hands to {@link SegmentStore#append}. One buffer is used for many segments.
 * {@link SegmentHeader} draws the layout.
 *
 * <p>Call {@link #begin}, then {@link #addFrame} and the header's setters in any order, then {@link #seal}. To cut a transaction out of
 * the segment that it began in: remember {@link #end} before its first frame, seal up to that mark, append, then call {@link #keepFrom}.
 *
 * <p>Belongs to one thread.
 */
public final class SegmentBuilder {

    /** The largest segment, header included. */
    public static final int MAX_BYTES = 1 << 30;

    static final int INITIAL_BYTES = 64 << 10;
    /** The next segment gives back a larger array, so that one huge row does not occupy memory until the end of the run. */
    static final int RETAINED_BYTES = 4 << 20;

    private final CRC32C crc = new CRC32C();
    private byte[] bytes = new byte[INITIAL_BYTES];
    private final SegmentHeader header = new SegmentHeader(bytes);
    private int end = SegmentHeader.LENGTH;

    /** 0: not sealed. */
    private int sealedLength;

    /** Removes all frames, and sets all header fields to 0. */
    public void begin() {
        if (bytes.length > RETAINED_BYTES) {
            useArray(new byte[INITIAL_BYTES]);
        }
        clearHeader();
        end = SegmentHeader.LENGTH;
    }

    /**
     * Copies one message to the end.
     *
     * @param lsn from the header of the 'w' message that brought it
     */
    public void addFrame(long lsn, byte[] source, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, source.length);
        reserve((long) end + SegmentHeader.FRAME_HEADER_LENGTH + length);
        BigEndian.putLong(bytes, end + SegmentHeader.FRAME_LSN_AT, lsn);
        BigEndian.putInt(bytes, end + SegmentHeader.FRAME_LENGTH_AT, length);
        System.arraycopy(source, offset, bytes, end + SegmentHeader.FRAME_HEADER_LENGTH, length);
        end += SegmentHeader.FRAME_HEADER_LENGTH + length;
    }

    /** Returns the offset after the last frame: a mark where the segment can be cut. */
    public int end() {
        return end;
    }

    /** Returns the bytes of all frames, their 12 byte headers included. */
    public int framesBytes() {
        return end - SegmentHeader.LENGTH;
    }

    /** Returns true if there is no frame. */
    public boolean isEmpty() {
        return end == SegmentHeader.LENGTH;
    }

    /** Removes the frames after a mark. */
    public void truncate(int mark) {
        checkMark(mark);
        end = mark;
    }

    /** Completes the header over all frames. */
    public void seal(SegmentKind kind) {
        seal(kind, end);
    }

    /** Completes the header over the frames before the mark. Those after it stay in the buffer for {@link #keepFrom}. */
    public void seal(SegmentKind kind, int mark) {
        checkMark(mark);
        int framesLength = mark - SegmentHeader.LENGTH;
        BigEndian.putInt(bytes, SegmentHeader.MAGIC_AT, SegmentHeader.MAGIC);
        BigEndian.putShort(bytes, SegmentHeader.VERSION_AT, SegmentHeader.VERSION);
        BigEndian.putShort(bytes, SegmentHeader.HEADER_LENGTH_AT, SegmentHeader.LENGTH);
        bytes[SegmentHeader.KIND_AT] = (byte) kind.code();
        BigEndian.putInt(bytes, SegmentHeader.FRAMES_LENGTH_AT, framesLength);
        BigEndian.putInt(bytes, SegmentHeader.FRAMES_CRC_AT, SegmentHeader.framesCrc(bytes, framesLength, crc));
        BigEndian.putInt(bytes, SegmentHeader.HEADER_CRC_AT, SegmentHeader.headerCrc(bytes, crc));
        sealedLength = mark;
    }

    /** Removes the frames before the mark. The rest is the beginning of the next segment, with all header fields 0. */
    public void keepFrom(int mark) {
        checkMark(mark);
        System.arraycopy(bytes, mark, bytes, SegmentHeader.LENGTH, end - mark);
        end = SegmentHeader.LENGTH + end - mark;
        clearHeader();
    }

    /**
     * Returns the length of the sealed segment, header included: the first bytes of {@link #array}.
     *
     * @throws IllegalStateException the segment is not sealed
     */
    public int sealedLength() {
        if (sealedLength == 0) {
            throw new IllegalStateException("segment is not sealed");
        }
        return sealedLength;
    }

    /** Returns the segment's bytes. They change with the next {@link #addFrame}. */
    public byte[] array() {
        return bytes;
    }

    /** Returns the header, complete once the segment is sealed. */
    public SegmentHeader header() {
        return header;
    }

    public void flags(int flags) {
        bytes[SegmentHeader.FLAGS_AT] = (byte) flags;
    }

    public void epoch(int epoch) {
        BigEndian.putInt(bytes, SegmentHeader.EPOCH_AT, epoch);
    }

    public void xid(int xid) {
        BigEndian.putInt(bytes, SegmentHeader.XID_AT, xid);
    }

    public void subXid(int subXid) {
        BigEndian.putInt(bytes, SegmentHeader.SUB_XID_AT, subXid);
    }

    public void chunk(int chunk) {
        BigEndian.putInt(bytes, SegmentHeader.CHUNK_AT, chunk);
    }

    public void changeCount(int changeCount) {
        BigEndian.putInt(bytes, SegmentHeader.CHANGE_COUNT_AT, changeCount);
    }

    public void firstCommitLsn(long lsn) {
        BigEndian.putLong(bytes, SegmentHeader.FIRST_COMMIT_LSN_AT, lsn);
    }

    public void lastCommitLsn(long lsn) {
        BigEndian.putLong(bytes, SegmentHeader.LAST_COMMIT_LSN_AT, lsn);
    }

    public void lastCommitEndLsn(long lsn) {
        BigEndian.putLong(bytes, SegmentHeader.LAST_END_LSN_AT, lsn);
    }

    public void commitTimeMicros(long micros) {
        BigEndian.putLong(bytes, SegmentHeader.COMMIT_TIME_AT, micros);
    }

    public void firstOrdinal(long ordinal) {
        BigEndian.putLong(bytes, SegmentHeader.FIRST_ORDINAL_AT, ordinal);
    }

    private void clearHeader() {
        Arrays.fill(bytes, 0, SegmentHeader.LENGTH, (byte) 0);
        sealedLength = 0;
    }

    private void checkMark(int mark) {
        if (mark < SegmentHeader.LENGTH || mark > end) {
            throw new IllegalArgumentException("mark " + mark + " outside the frames, which end at " + end);
        }
    }

    private void reserve(long needed) {
        if (needed > MAX_BYTES) {
            throw new QueueException(
                    ErrorCode.ROW_TOO_LARGE,
                    "a segment of " + needed + " bytes is larger than the " + MAX_BYTES
                            + " that the queue holds; in the capture. Lower max_row_bytes.");
        }
        if (needed > bytes.length) {
            useArray(Arrays.copyOf(bytes, roundUp((int) needed)));
        }
    }

    private void useArray(byte[] array) {
        bytes = array;
        header.wrap(array);
    }

    /** Returns the next power of two: growing then costs one copy a byte, amortised. */
    static int roundUp(int length) {
        return length <= 1 ? 1 : Integer.highestOneBit(length - 1) << 1;
    }
}
