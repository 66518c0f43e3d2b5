package io.pgcdc.queue;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import java.util.zip.CRC32C;

/**
 * A segment's header: a flyweight over the bytes that begin with it. All numbers are big-endian.
 *
 * <pre>
 *   0 +----------------+---------+---------+
 *     | magic "PGCS"   | version | header  |   version and header length: 16 bits each
 *   8 +----------------+---------+---------+
 *     | header CRC32C  | frames CRC32C      |   header CRC: bytes 12 to 88; frames CRC: all frames
 *  16 +----+-----+-----+--------------------+
 *     |kind|flags|  0  | epoch              |
 *  24 +----+-----+-----+--------------------+
 *     | xid            | sub-xid            |   of rows of a snapshot: the chunk's number instead of an xid
 *  32 +----------------+--------------------+
 *     | chunk          | change count       |
 *  40 +----------------+--------------------+
 *     | first commit LSN                    |
 *  48 +-------------------------------------+
 *     | last commit LSN                     |   of rows of a snapshot: both the LSN of their positions
 *  56 +-------------------------------------+
 *     | end LSN of the last commit          |   0 without a commit (FIRST, MIDDLE, rows of a snapshot); MESSAGE: its own LSN
 *  64 +-------------------------------------+
 *     | commit time, µs since 1970 UTC      |   of the last commit
 *  72 +-------------------------------------+
 *     | first ordinal                       |   of the first transaction in the segment; -1 for MESSAGE
 *  80 +----------------+--------------------+
 *     | frames length  | 0                  |
 *  88 +----------------+--------------------+
 *     | frames, each:  | LSN 8 | length 4 | bytes |
 * </pre>
 *
 * The header has its own CRC, so that a scan over headers alone never decides anything on a damaged one.
 */
public final class SegmentHeader {

    public static final int MAGIC = 'P' << 24 | 'G' << 16 | 'C' << 8 | 'S';
    static final int VERSION = 1;

    /** Flag of transactions: a snapshot was being read when they were captured. */
    public static final int DURING_SNAPSHOT = 32;

    static final int MAGIC_AT = 0;
    static final int VERSION_AT = 4;
    static final int HEADER_LENGTH_AT = 6;
    static final int HEADER_CRC_AT = 8;
    static final int FRAMES_CRC_AT = 12;
    static final int KIND_AT = 16;
    static final int FLAGS_AT = 17;
    static final int EPOCH_AT = 20;
    static final int XID_AT = 24;
    static final int SUB_XID_AT = 28;
    static final int CHUNK_AT = 32;
    static final int CHANGE_COUNT_AT = 36;
    static final int FIRST_COMMIT_LSN_AT = 40;
    static final int LAST_COMMIT_LSN_AT = 48;
    static final int LAST_END_LSN_AT = 56;
    static final int COMMIT_TIME_AT = 64;
    static final int FIRST_ORDINAL_AT = 72;
    static final int FRAMES_LENGTH_AT = 80;
    public static final int LENGTH = 88;

    static final int FRAME_LSN_AT = 0;
    static final int FRAME_LENGTH_AT = 8;
    static final int FRAME_HEADER_LENGTH = 12;

    private final CRC32C crc = new CRC32C();
    private byte[] bytes;

    /** Makes an empty header with its own bytes, for a scan over headers alone. */
    public SegmentHeader() {
        this(new byte[LENGTH]);
    }

    /** Makes a header over the first bytes of an array. */
    SegmentHeader(byte[] bytes) {
        this.bytes = bytes;
    }

    void wrap(byte[] newBytes) {
        bytes = newBytes;
    }

    /** Returns the bytes that it reads, at least {@link #LENGTH}; for stores, to load it. {@link #validate} must follow. */
    public byte[] array() {
        return bytes;
    }

    /**
     * Returns the segment's kind.
     *
     * @throws IllegalStateException nothing is loaded or sealed
     */
    public SegmentKind kind() {
        SegmentKind kind = SegmentKind.ofCode(bytes[KIND_AT] & 0xFF);
        if (kind == null) {
            throw new IllegalStateException("segment is neither sealed nor loaded");
        }
        return kind;
    }

    public int flags() {
        return bytes[FLAGS_AT] & 0xFF;
    }

    public int epoch() {
        return BigEndian.getInt(bytes, EPOCH_AT);
    }

    /** Returns the transaction's id, unsigned; of several transactions, the last one's; of rows of a snapshot, the chunk's number. */
    public int xid() {
        return BigEndian.getInt(bytes, XID_AT);
    }

    public int subXid() {
        return BigEndian.getInt(bytes, SUB_XID_AT);
    }

    public int chunk() {
        return BigEndian.getInt(bytes, CHUNK_AT);
    }

    public int changeCount() {
        return BigEndian.getInt(bytes, CHANGE_COUNT_AT);
    }

    public long firstCommitLsn() {
        return BigEndian.getLong(bytes, FIRST_COMMIT_LSN_AT);
    }

    public long lastCommitLsn() {
        return BigEndian.getLong(bytes, LAST_COMMIT_LSN_AT);
    }

    /** Returns the LSN after the last commit's record; 0 in FIRST and MIDDLE, which come before their Commit, and in rows of a snapshot. */
    public long lastCommitEndLsn() {
        return BigEndian.getLong(bytes, LAST_END_LSN_AT);
    }

    /** Returns the time of the last commit, in microseconds since 1970 UTC. */
    public long commitTimeMicros() {
        return BigEndian.getLong(bytes, COMMIT_TIME_AT);
    }

    public long firstOrdinal() {
        return BigEndian.getLong(bytes, FIRST_ORDINAL_AT);
    }

    /** Returns the length of all frames in bytes, as the header states it. */
    public int framesLength() {
        return BigEndian.getInt(bytes, FRAMES_LENGTH_AT);
    }

    int framesCrc() {
        return BigEndian.getInt(bytes, FRAMES_CRC_AT);
    }

    /**
     * Copies the header of a stored segment.
     *
     * @param location named in errors; its toString is called only then
     * @throws QueueException QUEUE_DAMAGED or QUEUE_FORMAT
     */
    public void load(byte[] source, int offset, int available, Object location) {
        System.arraycopy(source, offset, bytes, 0, Math.min(available, LENGTH));
        validate(available, location);
    }

    /**
     * Checks that the bytes are the header of a segment that this version reads.
     *
     * @param available bytes of the segment that are there
     * @throws QueueException QUEUE_DAMAGED or QUEUE_FORMAT
     */
    public void validate(int available, Object location) {
        if (available < LENGTH) {
            throw damaged(location, "a segment's header has " + LENGTH + " bytes, found " + available);
        }
        if (BigEndian.getInt(bytes, MAGIC_AT) != MAGIC) {
            throw damaged(location, "no segment begins here (wrong magic number)");
        }
        int version = BigEndian.getUnsignedShort(bytes, VERSION_AT);
        if (version != VERSION) {
            throw newer(location, "segment format " + version + ", this version reads " + VERSION);
        }
        int headerLength = BigEndian.getUnsignedShort(bytes, HEADER_LENGTH_AT);
        if (headerLength != LENGTH) {
            throw damaged(location, "header length " + headerLength + " instead of " + LENGTH);
        }
        if (headerCrc(bytes, crc) != BigEndian.getInt(bytes, HEADER_CRC_AT)) {
            throw damaged(location, "the CRC of the segment's header does not match");
        }
        int kind = bytes[KIND_AT] & 0xFF;
        if (SegmentKind.ofCode(kind) == null) {
            throw newer(location, "segment kind " + kind + " is unknown");
        }
        int framesLength = BigEndian.getInt(bytes, FRAMES_LENGTH_AT);
        if (framesLength < 0 || framesLength > SegmentBuilder.MAX_BYTES - LENGTH) {
            throw damaged(location, "frames length " + framesLength);
        }
        if (BigEndian.getInt(bytes, CHANGE_COUNT_AT) < 0) {
            throw damaged(location, "change count " + BigEndian.getInt(bytes, CHANGE_COUNT_AT));
        }
    }

    static int headerCrc(byte[] bytes, CRC32C crc) {
        crc.reset();
        crc.update(bytes, FRAMES_CRC_AT, LENGTH - FRAMES_CRC_AT);
        return (int) crc.getValue();
    }

    static int framesCrc(byte[] bytes, int framesLength, CRC32C crc) {
        crc.reset();
        crc.update(bytes, LENGTH, framesLength);
        return (int) crc.getValue();
    }

    /** Returns a QUEUE_DAMAGED error. */
    public static QueueException damaged(Object location, String what) {
        return new QueueException(
                ErrorCode.QUEUE_DAMAGED,
                "queue is damaged: " + what + "; " + location
                        + ". Check the disk; keep a copy of the queue directory before anything is repaired.");
    }

    private static QueueException newer(Object location, String what) {
        return new QueueException(
                ErrorCode.QUEUE_FORMAT,
                "queue was written in a newer format: " + what + "; " + location
                        + ". Run the version of pgcdc that wrote it, or a later one.");
    }
}
