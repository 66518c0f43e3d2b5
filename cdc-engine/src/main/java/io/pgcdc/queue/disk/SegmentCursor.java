package io.pgcdc.queue.disk;

import io.pgcdc.error.QueueException;
import io.pgcdc.queue.BigEndian;
import io.pgcdc.queue.SegmentHeader;
import io.pgcdc.queue.SegmentIndex;
import io.pgcdc.queue.SegmentPiece;
import io.pgcdc.queue.SegmentView;
import java.io.Closeable;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Steps over the segments of one file, and joins a segment's pieces. A step that throws does not move the cursor. */
final class SegmentCursor implements Closeable {

    /** Result of a step. */
    enum Step {
        SEGMENT,
        /** The file ends here with an end mark, or its crash cut ends here. */
        END,
        /** Neither a segment nor an end is here: it is not written yet, or it is lost. */
        NOTHING
    }

    /** More bytes than any document has. A greater length is damage, and no array of that length is allocated. */
    static final int MAX_DOCUMENT_BYTES = 16 << 20;

    private final SegmentFile file;
    private final byte[] piece = new byte[SegmentPiece.HEADER_LENGTH];
    private final CRC32C crc = new CRC32C();
    private final long start;
    private long position;
    private long segmentAt;

    SegmentCursor(SegmentFile file, long position) {
        this.file = file;
        this.start = position;
        this.position = position;
    }

    SegmentFile file() {
        return file;
    }

    /** Returns the offset of the next document. */
    long position() {
        return position;
    }

    /** Returns the offset of the last segment stepped to. */
    long segmentAt() {
        return segmentAt;
    }

    /**
     * Steps to the next segment and loads it.
     *
     * @throws QueueException the bytes at the cursor are not a whole segment
     */
    Step step(SegmentView into) {
        return step(into.header(), into);
    }

    /** Steps to the next segment and loads only its header. */
    Step step(SegmentHeader into) {
        return step(into, null);
    }

    private Step step(SegmentHeader segmentHeader, @Nullable SegmentView into) {
        long at = position;
        int header = file.header(at);
        while (header != SegmentFile.END_MARK && SegmentFile.isMetadata(header)) {
            checkMetadata(at);
            at = SegmentFile.after(at, header);
            header = file.header(at);
        }
        if (header == SegmentFile.END_MARK) {
            return Step.END;
        }
        if (header == SegmentFile.NOTHING) {
            return at == start && file.wasCutBefore(at) ? Step.END : Step.NOTHING;
        }
        position = load(at, SegmentFile.length(header), segmentHeader, into);
        segmentAt = at;
        return Step.SEGMENT;
    }

    /** Checks that skipped metadata is no segment: one flipped bit can make a segment look like metadata. */
    private void checkMetadata(long at) {
        if (file.read(at + SegmentFile.HEADER_LENGTH, piece, 0, 4)) {
            int magic = BigEndian.getInt(piece, 0);
            if (magic == SegmentHeader.MAGIC || magic == SegmentPiece.MAGIC) {
                throw SegmentHeader.damaged(new Place(file, at), "a segment is marked as Chronicle's own metadata");
            }
        }
    }

    /**
     * Loads the segment at an offset, and returns the offset after it.
     *
     * @param into null: load the header only. Else {@code header} is its header
     */
    private long load(long at, int documentLength, SegmentHeader header, @Nullable SegmentView into) {
        Place place = new Place(file, at);
        if (documentLength < SegmentHeader.LENGTH || documentLength > MAX_DOCUMENT_BYTES) {
            throw SegmentHeader.damaged(place, "document length " + documentLength);
        }
        int wanted = into == null ? SegmentHeader.LENGTH : documentLength;
        byte[] target = into == null ? header.array() : into.prepare(documentLength);
        if (!file.read(at + SegmentFile.HEADER_LENGTH, target, 0, wanted)) {
            throw SegmentHeader.damaged(place, "the file ends inside a segment");
        }
        header.validate(wanted, place);
        int segmentLength = SegmentHeader.LENGTH + header.framesLength();
        if (documentLength > segmentLength) {
            throw SegmentHeader.damaged(
                    place, "a segment of " + segmentLength + " bytes in a document of " + documentLength);
        }
        long next = SegmentFile.after(at, documentLength);
        if (documentLength < segmentLength) {
            next = pieces(at, next, documentLength, segmentLength, into == null ? null : into.grow(segmentLength));
        }
        if (into != null) {
            into.loaded(segmentLength, place);
        }
        return next;
    }

    /**
     * Loads a segment's further pieces, and returns the offset after them.
     *
     * @param at offset of the segment's first document
     * @param have bytes of the segment before these pieces
     * @param target null: check the pieces' headers only
     */
    private long pieces(long at, long from, int have, int segmentLength, byte @Nullable [] target) {
        long pieceAt = from;
        int offset = have;
        while (offset < segmentLength) {
            int header = file.header(pieceAt);
            if (header != SegmentFile.END_MARK && SegmentFile.isMetadata(header)) {
                checkMetadata(pieceAt);
                pieceAt = SegmentFile.after(pieceAt, header);
                continue;
            }
            int length = SegmentFile.length(header) - SegmentPiece.HEADER_LENGTH;
            long contentAt = pieceAt + SegmentFile.HEADER_LENGTH;
            if (length <= 0
                    || length > segmentLength - offset
                    || !file.read(contentAt, piece, 0, SegmentPiece.HEADER_LENGTH)
                    || !SegmentPiece.matches(piece, at, offset, length, crc)
                    || (target != null && !file.read(contentAt + SegmentPiece.HEADER_LENGTH, target, offset, length))) {
                throw SegmentHeader.damaged(
                        new Place(file, at),
                        "the segment's piece that begins with byte " + offset + " is missing at offset " + pieceAt);
            }
            offset += length;
            pieceAt = SegmentFile.after(pieceAt, header);
        }
        return pieceAt;
    }

    @Override
    public void close() {
        file.close();
    }

    /** Names a place in a file, for messages. */
    private record Place(SegmentFile file, long position) {
        @Override
        public String toString() {
            return file.path + " at " + position + " (index "
                    + SegmentIndex.toString(SegmentIndex.of(file.number, position)) + ")";
        }
    }
}
