package io.pgcdc.json.value;

import io.pgcdc.model.PgType;
import java.util.IdentityHashMap;

/**
 * Chooses encoders by the rules of {@code to_jsonb} (jsonb.c, "datum_to_jsonb"), in this order. Domains count as their base type.
 * Some built-in types have special forms. Then come arrays and composites, then casts to json, of which pgcdc knows hstore's. All
 * others become text.
 *
 * <p>Types are a tree with shared branches, and each branch gets one encoder. A type cannot contain itself, so an encoder's scratch
 * space is never used twice at a time.
 */
final class ValueEncoders {

    /** Deeper than any real schema, and small enough for a thread's stack. */
    private static final int MAX_DEPTH = 200;

    private static final ValueEncoder TEXT = (b, offset, length, out) -> out.appendString(b, offset, length);

    private final IdentityHashMap<PgType, ValueEncoder> known = new IdentityHashMap<>();
    private int depth;

    ValueEncoder of(PgType type) {
        ValueEncoder encoder = known.get(type);
        if (encoder == null) {
            if (depth == MAX_DEPTH) {
                throw Unreadable.value(type, "types are nested more than " + MAX_DEPTH + " deep", 0);
            }
            depth++;
            encoder = choose(type);
            depth--;
            known.put(type, encoder);
        }
        return encoder;
    }

    private ValueEncoder choose(PgType type) {
        PgType element = type.element();
        return switch (type.kind()) {
            case DOMAIN -> element == null ? TEXT : of(element);
            case ARRAY -> element == null ? TEXT : array(type, element);
            case COMPOSITE ->
                new CompositeEncoder(
                        type, type.attributes().stream().map(a -> of(a.type())).toArray(ValueEncoder[]::new));
            case BASE -> base(type);
            case ENUM, RANGE, MULTIRANGE, UNRESOLVED -> TEXT;
        };
    }

    private ValueEncoder array(PgType type, PgType element) {
        boolean vector = type.oid() == TypeOids.INT2VECTOR || type.oid() == TypeOids.OIDVECTOR;
        return vector ? new VectorEncoder(of(element)) : new ArrayEncoder(type, element.delimiter(), of(element));
    }

    private static ValueEncoder base(PgType type) {
        if (TypeOids.isHstore(type)) {
            return new HstoreEncoder(type);
        }
        return switch (type.oid()) {
            case TypeOids.BOOL -> new BoolEncoder(type);
            case TypeOids.INT2, TypeOids.INT4, TypeOids.INT8 -> new NumberEncoder(type, false);
            case TypeOids.FLOAT4, TypeOids.FLOAT8, TypeOids.NUMERIC -> new NumberEncoder(type, true);
            case TypeOids.TIMESTAMP -> new TimestampEncoder(type, false);
            case TypeOids.TIMESTAMPTZ -> new TimestampEncoder(type, true);
            case TypeOids.JSON, TypeOids.JSONB -> new JsonCompactor(type);
            default -> TEXT; // includes date: its text is already ISO 8601
        };
    }
}
