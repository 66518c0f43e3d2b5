package io.pgcdc.queue;

import org.jspecify.annotations.Nullable;

/**
 * The content of a segment. The codes are written to disk and never change their meaning. Reserved codes for later kinds: 16 to 18 for
 * a chunk of an in-progress transaction, its commit and its abort; 48 and 49 for a prepared transaction and its end.
 */
public enum SegmentKind {
    /** One or more whole transactions. */
    TRANSACTIONS(1),
    /** The beginning of a transaction that spans segments. */
    FIRST(2),
    /** A part of such a transaction, neither its first nor its last. */
    MIDDLE(3),
    /** The last part of such a transaction, with the Commit. */
    LAST(4),
    /** One logical message that belongs to no transaction. */
    MESSAGE(5),
    /** Rows of a snapshot: one whole chunk. */
    CHUNK(32),
    /** The beginning of a chunk that spans segments. */
    CHUNK_FIRST(33),
    /** A part of such a chunk, neither its first nor its last. */
    CHUNK_MIDDLE(34),
    /** The last part of such a chunk. */
    CHUNK_LAST(35);

    private static final @Nullable SegmentKind[] BY_CODE = byCode();

    private final int code;

    SegmentKind(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /** Returns true if the segment continues a transaction or a chunk that began in an earlier one. */
    public boolean continues() {
        return this == MIDDLE || this == LAST || this == CHUNK_MIDDLE || this == CHUNK_LAST;
    }

    /** Returns true if the segment does not need an earlier one. */
    public boolean begins() {
        return !continues();
    }

    /** Returns true if neither a transaction nor a chunk is open at the segment's end. A sink's checkpoint may stand there. */
    public boolean endsTransaction() {
        return this != FIRST && this != MIDDLE && this != CHUNK_FIRST && this != CHUNK_MIDDLE;
    }

    /** Returns true for rows of a snapshot. They are no commit: they never move the last commit LSN. */
    public boolean isChunk() {
        return code >= CHUNK.code;
    }

    /** Returns the kind, or null for a code that this version does not know. */
    static @Nullable SegmentKind ofCode(int code) {
        return code < BY_CODE.length ? BY_CODE[code] : null;
    }

    private static @Nullable SegmentKind[] byCode() {
        @Nullable SegmentKind[] kinds = new SegmentKind[CHUNK_LAST.code + 1];
        for (SegmentKind kind : values()) {
            kinds[kind.code] = kind;
        }
        return kinds;
    }
}
