package io.pgcdc.queue;

import org.jspecify.annotations.Nullable;

/**
 * The content of a segment. The codes are written to disk and never change their meaning. Reserved codes for later kinds: 16 to 18 for
 * a chunk of an in-progress transaction, its commit and its abort; 32 to 34 for rows of a snapshot, its low and its high watermark; 48
 * and 49 for a prepared transaction and its end.
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
    MESSAGE(5);

    private static final @Nullable SegmentKind[] BY_CODE = byCode();

    private final int code;

    SegmentKind(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /** Returns true if the segment continues a transaction that began in an earlier one. */
    public boolean continues() {
        return this == MIDDLE || this == LAST;
    }

    /** Returns true if the segment does not need an earlier one. */
    public boolean begins() {
        return !continues();
    }

    /** Returns true if no transaction is open at the segment's end. A sink's checkpoint may stand there. */
    public boolean endsTransaction() {
        return this != FIRST && this != MIDDLE;
    }

    /** Returns the kind, or null for a code that this version does not know. */
    static @Nullable SegmentKind ofCode(int code) {
        return code < BY_CODE.length ? BY_CODE[code] : null;
    }

    private static @Nullable SegmentKind[] byCode() {
        @Nullable SegmentKind[] kinds = new SegmentKind[6];
        for (SegmentKind kind : values()) {
            kinds[kind.code] = kind;
        }
        return kinds;
    }
}
