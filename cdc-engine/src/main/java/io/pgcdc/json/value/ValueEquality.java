package io.pgcdc.json.value;

import io.pgcdc.error.DecodeException;
import io.pgcdc.json.bytes.Ascii;
import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.model.PgType;
import java.util.Arrays;
import java.util.IdentityHashMap;

/**
 * Tells whether two values of one type are equal as jsonb. Equal bytes are equal values. If the type's text is canonical, different
 * bytes are different values. Other types need a closer comparison: {@code 1.0 = 1.00}, {@code {"a":1,"b":2} = {"b":2, "a":1}},
 * {@code [0:1]={1,2} = {1,2}}.
 *
 * <p>Created once per type and kept. Belongs to one thread. Allocates only if bytes differ, for JSON documents, and for rows and
 * arrays that contain numbers with a scale, documents or arrays.
 */
public final class ValueEquality {

    /** How to compare values whose bytes differ. */
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
        this.encoder = ValueEncoder.of(this.type); // first: it limits the nesting
        this.closer = closer(this.type, new IdentityHashMap<>());
    }

    /** @throws DecodeException if types are nested too deep */
    public static ValueEquality of(PgType type) {
        return new ValueEquality(type);
    }

    /** @param known types that were already judged: types share branches */
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
     * Compares the texts of two non-null values.
     *
     * @throws DecodeException if a text does not fit the type
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

    /** Returns whether the value is JSON's null, which looks like SQL null in a row's jsonb. */
    public boolean isJsonNull(byte[] a, int offset, int length) {
        if (type.oid() != TypeOids.JSON && type.oid() != TypeOids.JSONB) {
            return false;
        }
        leftJson.clear();
        encoder.encode(a, offset, length, leftJson);
        return Ascii.matches(Ascii.NULL, leftJson.array(), 0, leftJson.length());
    }
}
