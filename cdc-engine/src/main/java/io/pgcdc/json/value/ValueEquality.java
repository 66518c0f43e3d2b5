package io.pgcdc.json.value;

import io.pgcdc.error.DecodeException;
import io.pgcdc.json.bytes.Ascii;
import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.model.PgType;
import java.util.Arrays;
import java.util.IdentityHashMap;

/**
 * Whether two values of one type are equal as jsonb. Equal bytes decide at once; where the type's text is canonical, so do
 * different ones. The others are looked at closer: {@code 1.0 = 1.00}, {@code {"a":1,"b":2} = {"b":2, "a":1}},
 * {@code [0:1]={1,2} = {1,2}}.
 *
 * <p>Made once a type and kept. Belongs to one thread. Allocates only to compare JSON documents, and rows and arrays that hold
 * numbers with a scale, documents or arrays, when their bytes differ.
 */
public final class ValueEquality {

    /** What to do about bytes that differ. */
    private enum Closer {
        /** The text is canonical: the values differ. */
        NONE,
        NUMBERS,
        /** The elements' text is canonical: only bounds can differ. */
        BOUNDS,
        DOCUMENTS
    }

    private final PgType type;
    private final Closer closer;
    private final Decimal left = new Decimal();
    private final Decimal right = new Decimal();
    private final JsonBuffer leftJson = new JsonBuffer();
    private final JsonBuffer rightJson = new JsonBuffer();
    private final ValueEncoder encoder;

    private ValueEquality(PgType type) {
        this.type = type.withoutDomains();
        this.encoder = ValueEncoder.of(this.type); // first: it bounds the nesting
        this.closer = closer(this.type, new IdentityHashMap<>());
    }

    /** @throws DecodeException when types are nested too deep */
    public static ValueEquality of(PgType type) {
        return new ValueEquality(type);
    }

    /** @param known types share branches; each is looked at once */
    private static Closer closer(PgType domain, IdentityHashMap<PgType, Closer> known) {
        PgType type = domain.withoutDomains();
        Closer closer = known.get(type);
        if (closer == null) {
            closer = switch (type.kind()) {
                case ARRAY -> array(type, known);
                case COMPOSITE ->
                    type.attributes().stream().allMatch(a -> closer(a.type(), known) == Closer.NONE)
                            ? Closer.NONE
                            : Closer.DOCUMENTS;
                case BASE -> base(type);
                case ENUM, DOMAIN, RANGE, MULTIRANGE, UNRESOLVED -> Closer.NONE;
            };
            known.put(type, closer);
        }
        return closer;
    }

    private static Closer array(PgType type, IdentityHashMap<PgType, Closer> known) {
        if (type.oid() == TypeOids.INT2VECTOR || type.oid() == TypeOids.OIDVECTOR) {
            return Closer.NONE;
        }
        PgType element = type.element();
        return element == null || closer(element, known) == Closer.NONE ? Closer.BOUNDS : Closer.DOCUMENTS;
    }

    private static Closer base(PgType type) {
        return switch (type.oid()) {
            case TypeOids.FLOAT4, TypeOids.FLOAT8, TypeOids.NUMERIC -> Closer.NUMBERS;
            case TypeOids.JSON, TypeOids.JSONB -> Closer.DOCUMENTS;
            default -> Closer.NONE;
        };
    }

    /**
     * Compares the texts of two values that are not null.
     *
     * @throws DecodeException when a text does not fit the type
     */
    public boolean equal(byte[] a, int aOffset, int aLength, byte[] b, int bOffset, int bLength) {
        if (Arrays.equals(a, aOffset, aOffset + aLength, b, bOffset, bOffset + bLength)) {
            return true;
        }
        return switch (closer) {
            case NONE -> false;
            case NUMBERS ->
                left.parse(a, aOffset, aLength) && right.parse(b, bOffset, bLength) && left.sameValue(right);
            case BOUNDS -> equalButBounds(a, aOffset, aLength, b, bOffset, bLength);
            case DOCUMENTS -> equalDocuments(a, aOffset, aLength, b, bOffset, bLength);
        };
    }

    private boolean equalButBounds(byte[] a, int aOffset, int aLength, byte[] b, int bOffset, int bLength) {
        int aFrom = ArrayEncoder.boundsEnd(a, aOffset, aLength);
        int bFrom = ArrayEncoder.boundsEnd(b, bOffset, bLength);
        if (aFrom < 0 || bFrom < 0) {
            throw Unreadable.value(type, "array bounds do not end", 0);
        }
        return Arrays.equals(a, aFrom, aOffset + aLength, b, bFrom, bOffset + bLength);
    }

    private boolean equalDocuments(byte[] a, int aOffset, int aLength, byte[] b, int bOffset, int bLength) {
        leftJson.clear();
        rightJson.clear();
        encoder.encode(a, aOffset, aLength, leftJson);
        encoder.encode(b, bOffset, bLength, rightJson);
        byte[] l = leftJson.array();
        byte[] r = rightJson.array();
        return Arrays.equals(l, 0, leftJson.length(), r, 0, rightJson.length())
                || JsonIdentity.same(leftJson, rightJson);
    }

    /** Whether the value is JSON's own null, which a row's jsonb shows like SQL's. */
    public boolean isJsonNull(byte[] a, int offset, int length) {
        if (type.oid() != TypeOids.JSON && type.oid() != TypeOids.JSONB) {
            return false;
        }
        leftJson.clear();
        encoder.encode(a, offset, length, leftJson);
        return Ascii.matches(Ascii.NULL, leftJson.array(), 0, leftJson.length());
    }
}
