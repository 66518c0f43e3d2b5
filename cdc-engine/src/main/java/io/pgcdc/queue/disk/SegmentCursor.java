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

/** Steps over the segments of one file, putting pieces together. A step that throws leaves it where it was. */
final class SegmentCursor implements Closeable {

    /** What lies at the cursor. */
    enum Step {
        SEGMENT,
        /** The file ends here, as it should. */
        END,
        /** Neither a segment nor an end: not written yet, or lost. */
        NOTHING
    }

    /** More than a piece ever has; a length beyond it is damage, and is not allocated. */
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

    /** Offset of the next document. */
    long position() {
        return position;
    }

    /** Offset of the segment that was stepped to. */
    long segmentAt() {
        return segmentAt;
    }

    /** @throws QueueException when something lies at the cursor that is no whole segment */
    Step step(SegmentView into) {
        return step(into.header(), into);
    }

    /** Loads the header only. */
    Step step(SegmentHeader into) {
        return step(into, null);
    }

    private Step step(SegmentHeader segmentHeader, @Nullable SegmentView into) {
        long at = position;
        int header = file.header(at);
        while (header != SegmentFile.END_MARK && SegmentFile.isMetadata(header)) {
            checkMetadata(at);
            at = SegmentFile.behind(at, header);
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

    /** One flipped bit would make a segment look like what is skipped here. */
    private void checkMetadata(long at) {
        if (file.read(at + SegmentFile.HEADER_LENGTH, piece, 0, 4)) {
            int magic = BigEndian.getInt(piece, 0);
            if (magic == SegmentHeader.MAGIC || magic == SegmentPiece.MAGIC) {
                throw SegmentHeader.damaged(new Place(file, at), "a segment is marked as Chronicle's own metadata");
            }
        }
    }

    /** @param into null: the header only; otherwise its header is {@code header} */
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
        long behind = SegmentFile.behind(at, documentLength);
        if (documentLength < segmentLength) {
            behind = pieces(at, behind, documentLength, segmentLength, into == null ? null : into.grow(segmentLength));
        }
        if (into != null) {
            into.loaded(segmentLength, place);
        }
        return behind;
    }

    /** @param target null: the pieces are looked at, and not read */
    private long pieces(long at, long from, int have, int segmentLength, byte @Nullable [] target) {
        long pieceAt = from;
        int offset = have;
        while (offset < segmentLength) {
            int header = file.header(pieceAt);
            if (header != SegmentFile.END_MARK && SegmentFile.isMetadata(header)) {
                checkMetadata(pieceAt);
                pieceAt = SegmentFile.behind(pieceAt, header);
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
                        "the segment's piece from its byte " + offset + " on is missing at " + pieceAt);
            }
            offset += length;
            pieceAt = SegmentFile.behind(pieceAt, header);
        }
        return pieceAt;
    }

    @Override
    public void close() {
        file.close();
    }

    /** For messages. */
    private record Place(SegmentFile file, long position) {
        @Override
        public String toString() {
            return file.path + " at " + position + " (index "
                    + SegmentIndex.toString(SegmentIndex.of(file.number, position)) + ")";
        }
    }
}
