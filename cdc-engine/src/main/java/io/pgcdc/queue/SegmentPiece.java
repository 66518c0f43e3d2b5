package io.pgcdc.queue;

import java.util.zip.CRC32C;

/**
 * Header of a document that continues a segment. A segment too large for one Chronicle document is stored in several. The first holds the
 * segment's first bytes. Each further one begins with this header and carries the next bytes. If a crash cut off such a sequence, opening
 * the queue removes it.
 *
 * <pre>
 *   magic "PGCP" 4 | CRC32C of the rest of this header 4 | offset in the file of the segment's first document 8 |
 *   offset in the segment 4 | length 4 | bytes
 * </pre>
 */
public final class SegmentPiece {

    public static final int MAGIC = 'P' << 24 | 'G' << 16 | 'C' << 8 | 'P';
    public static final int HEADER_LENGTH = 24;

    private static final int CRC_AT = 4;
    private static final int SEGMENT_AT = 8;
    private static final int OFFSET_AT = 16;
    private static final int LENGTH_AT = 20;

    private SegmentPiece() {}

    /**
     * Fills the header of one piece.
     *
     * @param segmentAt offset in the file of the segment's first document
     * @param offset of the piece in the segment
     * @param length of the piece in bytes, without this header
     */
    public static void write(byte[] header, long segmentAt, int offset, int length, CRC32C crc) {
        BigEndian.putInt(header, 0, MAGIC);
        BigEndian.putLong(header, SEGMENT_AT, segmentAt);
        BigEndian.putInt(header, OFFSET_AT, offset);
        BigEndian.putInt(header, LENGTH_AT, length);
        BigEndian.putInt(header, CRC_AT, crcOf(header, crc));
    }

    /** Returns true if the header announces exactly that piece. */
    public static boolean matches(byte[] header, long segmentAt, int offset, int length, CRC32C crc) {
        return BigEndian.getInt(header, 0) == MAGIC
                && BigEndian.getInt(header, CRC_AT) == crcOf(header, crc)
                && BigEndian.getLong(header, SEGMENT_AT) == segmentAt
                && BigEndian.getInt(header, OFFSET_AT) == offset
                && BigEndian.getInt(header, LENGTH_AT) == length;
    }

    private static int crcOf(byte[] header, CRC32C crc) {
        crc.reset();
        crc.update(header, SEGMENT_AT, HEADER_LENGTH - SEGMENT_AT);
        return (int) crc.getValue();
    }
}
