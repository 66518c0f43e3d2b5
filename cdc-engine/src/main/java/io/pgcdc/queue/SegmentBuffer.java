package io.pgcdc.queue;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import java.util.Objects;
import java.util.zip.CRC32C;

/**
 * One segment in memory, reused for many: capture fills it frame by frame, seals it and hands it to
 * {@link SegmentStore#append}; a {@link SegmentReader} loads it and a sink walks its frames. The layout is drawn at
 * {@link SegmentHeader}.
 *
 * <p>Writing: {@link #begin}, then {@link #addFrame} and the header's setters in any order, then {@link #seal}. A transaction
 * that turns out too large is cut out of the segment that it began in: remember {@link #end} before its first frame, seal up to
 * there, append, then {@link #keepFrom} makes the rest the beginning of the next segment.
 *
 * <p>Reading: the fields are valid once loaded; {@link #nextFrame} walks the frames. Belongs to one thread.
 */
public final class SegmentBuffer {

    /** No segment is larger, header included. */
    public static final int MAX_BYTES = 1 << 30;

    private static final int INITIAL_BYTES = 64 << 10;
    /** A larger array is given back when the next segment begins, so that one huge row is not paid for for ever. */
    private static final int RETAINED_BYTES = 4 << 20;

    private final CRC32C crc = new CRC32C();
    private byte[] bytes = new byte[INITIAL_BYTES];
    private int end = SegmentHeader.LENGTH;
    private int sealedLength;
    private boolean headerOnly;
    private Object location = "in memory";

    private int nextFrameAt = SegmentHeader.LENGTH;
    private int frameAt;
    private int frameLength;

    // ---- writing

    /** Empties the buffer: no frames, all header fields 0. */
    public void begin() {
        if (bytes.length > RETAINED_BYTES) {
            bytes = new byte[INITIAL_BYTES];
        }
        clearHeader();
        end = SegmentHeader.LENGTH;
    }

    /** Copies one message behind the others. {@code lsn}: from the header of the 'w' message that it came in. */
    public void addFrame(long lsn, byte[] source, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, source.length);
        reserve((long) end + SegmentHeader.FRAME_HEADER_LENGTH + length);
        BigEndian.putLong(bytes, end + SegmentHeader.FRAME_LSN_AT, lsn);
        BigEndian.putInt(bytes, end + SegmentHeader.FRAME_LENGTH_AT, length);
        System.arraycopy(source, offset, bytes, end + SegmentHeader.FRAME_HEADER_LENGTH, length);
        end += SegmentHeader.FRAME_HEADER_LENGTH + length;
    }

    /** Offset behind the last frame: a place where the buffer can be cut. */
    public int end() {
        return end;
    }

    /** Bytes of frames so far, their 12 byte headers included. */
    public int framesBytes() {
        return end - SegmentHeader.LENGTH;
    }

    public boolean isEmpty() {
        return end == SegmentHeader.LENGTH;
    }

    /** Forgets the frames behind a place that {@link #end} gave. */
    public void truncate(int mark) {
        checkMark(mark);
        end = mark;
    }

    /** Completes the header over all frames. */
    public void seal(SegmentKind kind) {
        seal(kind, end);
    }

    /** Completes the header over the frames before {@code mark}; those behind stay in the buffer for {@link #keepFrom}. */
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

    /** Drops the frames before {@code mark} and begins a new segment, all header fields 0, with those behind it. */
    public void keepFrom(int mark) {
        checkMark(mark);
        System.arraycopy(bytes, mark, bytes, SegmentHeader.LENGTH, end - mark);
        end = SegmentHeader.LENGTH + end - mark;
        clearHeader();
    }

    /** Length of the sealed or loaded segment, header included; the first so many bytes of {@link #array}. */
    public int sealedLength() {
        if (sealedLength == 0) {
            throw new IllegalStateException("segment is not sealed");
        }
        return sealedLength;
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

    // ---- reading: the header

    public SegmentKind kind() {
        SegmentKind kind = SegmentKind.ofCode(bytes[SegmentHeader.KIND_AT] & 0xFF);
        if (kind == null) {
            throw new IllegalStateException("segment is neither sealed nor loaded");
        }
        return kind;
    }

    public int flags() {
        return bytes[SegmentHeader.FLAGS_AT] & 0xFF;
    }

    public int epoch() {
        return BigEndian.getInt(bytes, SegmentHeader.EPOCH_AT);
    }

    /** Unsigned; of the last transaction when there are several. */
    public int xid() {
        return BigEndian.getInt(bytes, SegmentHeader.XID_AT);
    }

    public int subXid() {
        return BigEndian.getInt(bytes, SegmentHeader.SUB_XID_AT);
    }

    public int chunk() {
        return BigEndian.getInt(bytes, SegmentHeader.CHUNK_AT);
    }

    public int changeCount() {
        return BigEndian.getInt(bytes, SegmentHeader.CHANGE_COUNT_AT);
    }

    public long firstCommitLsn() {
        return BigEndian.getLong(bytes, SegmentHeader.FIRST_COMMIT_LSN_AT);
    }

    public long lastCommitLsn() {
        return BigEndian.getLong(bytes, SegmentHeader.LAST_COMMIT_LSN_AT);
    }

    /** Where the WAL goes on behind the last commit; 0 in FIRST and MIDDLE, which come before their Commit. */
    public long lastCommitEndLsn() {
        return BigEndian.getLong(bytes, SegmentHeader.LAST_END_LSN_AT);
    }

    public long commitTimeMicros() {
        return BigEndian.getLong(bytes, SegmentHeader.COMMIT_TIME_AT);
    }

    public long firstOrdinal() {
        return BigEndian.getLong(bytes, SegmentHeader.FIRST_ORDINAL_AT);
    }

    /** As the header says it; the frames themselves are absent after {@link SegmentReader#nextHeader}. */
    public int framesLength() {
        return BigEndian.getInt(bytes, SegmentHeader.FRAMES_LENGTH_AT);
    }

    /** The segment's bytes; changes with the next {@link #addFrame} or load. */
    public byte[] array() {
        return bytes;
    }

    // ---- reading: the frames

    /** Puts the cursor before the first frame. */
    public void rewind() {
        nextFrameAt = SegmentHeader.LENGTH;
    }

    /**
     * Steps to the next frame; false behind the last.
     *
     * @throws QueueException when a frame's length leaves the segment
     */
    public boolean nextFrame() {
        int limit = sealedLength();
        if (headerOnly) {
            throw new IllegalStateException("only the header was read");
        }
        if (nextFrameAt == limit) {
            return false;
        }
        int length = limit - nextFrameAt < SegmentHeader.FRAME_HEADER_LENGTH
                ? -1
                : BigEndian.getInt(bytes, nextFrameAt + SegmentHeader.FRAME_LENGTH_AT);
        if (length < 0 || length > limit - nextFrameAt - SegmentHeader.FRAME_HEADER_LENGTH) {
            throw SegmentHeader.damaged(location, "frame at offset " + nextFrameAt + " leaves the segment");
        }
        frameAt = nextFrameAt;
        frameLength = length;
        nextFrameAt += SegmentHeader.FRAME_HEADER_LENGTH + length;
        return true;
    }

    public long frameLsn() {
        return BigEndian.getLong(bytes, frameAt + SegmentHeader.FRAME_LSN_AT);
    }

    /** Where in {@link #array} the message begins. */
    public int frameOffset() {
        return frameAt + SegmentHeader.FRAME_HEADER_LENGTH;
    }

    public int frameLength() {
        return frameLength;
    }

    // ---- loading, for stores

    /**
     * Makes the buffer hold a copy of a stored segment.
     *
     * @param location named by later errors: file, position, index; its toString is called only then
     * @throws QueueException when the bytes are not one whole, undamaged segment
     */
    public void load(byte[] source, int offset, int length, Object location) {
        Objects.checkFromIndexSize(offset, length, source.length);
        prepare(length);
        System.arraycopy(source, offset, bytes, 0, length);
        loaded(length, location);
    }

    /** Like {@link #load} for the header alone; the frames' CRC is not looked at. */
    public void loadHeader(byte[] source, int offset, int length, Object location) {
        Objects.checkFromIndexSize(offset, length, source.length);
        prepare(SegmentHeader.LENGTH);
        int copied = Math.min(length, SegmentHeader.LENGTH);
        System.arraycopy(source, offset, bytes, 0, copied);
        headerLoaded(copied, location);
    }

    /** Room for a segment of that length, at the array's beginning; what was in the buffer is lost. */
    public byte[] prepare(int length) {
        sealedLength = 0;
        if (length > bytes.length || (bytes.length > RETAINED_BYTES && length <= RETAINED_BYTES)) {
            if (length > MAX_BYTES) {
                throw new IllegalArgumentException("segment of " + length + " bytes");
            }
            bytes = new byte[Math.max(INITIAL_BYTES, roundUp(length))];
        }
        return bytes;
    }

    /** The array holds a header that {@link SegmentHeader#validate} has passed; the rest is about to follow. */
    public byte[] grow(int length) {
        reserve(length);
        return bytes;
    }

    public void headerLoaded(int length, Object newLocation) {
        location = newLocation;
        SegmentHeader.validate(bytes, length, crc, newLocation);
        headerOnly = true;
        end = SegmentHeader.LENGTH;
        sealedLength = SegmentHeader.LENGTH;
    }

    public void loaded(int length, Object newLocation) {
        location = newLocation;
        end = length;
        sealedLength = length;
        headerOnly = false;
        rewind();
        validate(length);
    }

    /**
     * Checks magic number, version, both CRCs and the length of the loaded or sealed segment.
     *
     * @throws QueueException QUEUE_DAMAGED or QUEUE_FORMAT, with file, position and index
     */
    public void validate() {
        validate(sealedLength());
    }

    private void validate(int length) {
        SegmentHeader.validate(bytes, length, crc, location);
        if (headerOnly) {
            return;
        }
        int framesLength = framesLength();
        if (framesLength != length - SegmentHeader.LENGTH) {
            throw SegmentHeader.damaged(
                    location,
                    "the header promises " + framesLength + " bytes of frames, there are "
                            + (length - SegmentHeader.LENGTH));
        }
        if (SegmentHeader.framesCrc(bytes, framesLength, crc) != BigEndian.getInt(bytes, SegmentHeader.FRAMES_CRC_AT)) {
            throw SegmentHeader.damaged(location, "the CRC of the segment's frames does not fit");
        }
    }

    private void clearHeader() {
        java.util.Arrays.fill(bytes, 0, SegmentHeader.LENGTH, (byte) 0);
        sealedLength = 0;
        headerOnly = false;
        location = "in memory";
        rewind();
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
            bytes = java.util.Arrays.copyOf(bytes, roundUp((int) needed));
        }
    }

    /** The next power of two: growing costs amortised one copy a byte. */
    private static int roundUp(int length) {
        return length <= 1 ? 1 : Integer.highestOneBit(length - 1) << 1;
    }
}
