package io.pgcdc.queue;

import org.jspecify.annotations.Nullable;

/**
 * What a segment holds. The codes are written to disk and never change their meaning. Reserved for what is to come: 16 to 18 a
 * chunk of an in-progress transaction and its commit and abort, 32 to 34 rows of a snapshot and its low and high watermark,
 * 48 and 49 a prepared transaction and its end.
 */
public enum SegmentKind {
    /** One or more whole transactions. */
    TRANSACTIONS(1),
    /** The beginning of a transaction that spans segments. */
    FIRST(2),
    MIDDLE(3),
    /** Its end, with the Commit. */
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

    /** Null for a code that this version does not know. */
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
