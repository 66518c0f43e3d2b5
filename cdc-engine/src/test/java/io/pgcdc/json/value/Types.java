package io.pgcdc.json.value;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.model.PgType;
import io.pgcdc.model.PgType.Attribute;
import io.pgcdc.model.PgType.Kind;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Types as the catalog describes them, and values as the server prints them. */
public final class Types {

    public static final PgType BOOL = PgType.base(16, "bool");
    public static final PgType INT4 = PgType.base(23, "int4");
    static final PgType FLOAT8 = PgType.base(701, "float8");
    public static final PgType NUMERIC = PgType.base(1700, "numeric");
    public static final PgType TEXT = PgType.base(25, "text");
    static final PgType UUID = PgType.base(2950, "uuid");
    static final PgType DATE = PgType.base(1082, "date");
    static final PgType TIMESTAMP = PgType.base(1114, "timestamp");
    public static final PgType TIMESTAMPTZ = PgType.base(1184, "timestamptz");
    public static final PgType JSON = PgType.base(114, "json");
    public static final PgType JSONB = PgType.base(3802, "jsonb");
    static final PgType BOX = new PgType(603, "box", Kind.BASE, null, ';', List.of(), null);
    public static final PgType INT2VECTOR =
            new PgType(22, "int2vector", Kind.ARRAY, PgType.base(21, "int2"), ',', List.of(), null);
    static final PgType OIDVECTOR =
            new PgType(30, "oidvector", Kind.ARRAY, PgType.base(26, "oid"), ',', List.of(), null);
    public static final PgType HSTORE = new PgType(16400, "hstore", Kind.BASE, null, ',', List.of(), "hstore");
    static final PgType MOOD = new PgType(16500, "mood", Kind.ENUM, null, ',', List.of(), null);
    static final PgType INT4RANGE = new PgType(3904, "int4range", Kind.RANGE, INT4, ',', List.of(), null);
    public static final PgType PRICE = domain(16501, "price", domain(16502, "amount", NUMERIC));
    static final PgType ADDRESS = composite(
            16503,
            "address",
            new Attribute("street", TEXT),
            new Attribute("tags", array(1009, TEXT)),
            new Attribute("doc", JSON));
    public static final PgType PERSON = composite(
            16504,
            "person",
            new Attribute("na\"me", TEXT),
            new Attribute("home", ADDRESS),
            new Attribute("others", array(16505, ADDRESS)));
    static final PgType NOTHING = composite(16506, "nothing");

    /** One of each way to read a text. */
    static final List<PgType> ALL = List.of(
            BOOL,
            INT4,
            FLOAT8,
            NUMERIC,
            TEXT,
            UUID,
            DATE,
            TIMESTAMP,
            TIMESTAMPTZ,
            JSON,
            JSONB,
            BOX,
            INT2VECTOR,
            OIDVECTOR,
            HSTORE,
            MOOD,
            INT4RANGE,
            PRICE,
            ADDRESS,
            PERSON,
            NOTHING,
            array(1007, INT4),
            array(1231, NUMERIC),
            array(1009, TEXT),
            array(1020, BOX),
            array(199, JSON),
            array(1185, TIMESTAMPTZ),
            array(16510, PERSON),
            array(16511, HSTORE),
            PgType.unresolved(99));

    private Types() {}

    public static PgType array(int oid, PgType element) {
        return new PgType(oid, "_" + element.name(), Kind.ARRAY, element, ',', List.of(), null);
    }

    public static PgType domain(int oid, String name, PgType base) {
        return new PgType(oid, name, Kind.DOMAIN, base, base.delimiter(), List.of(), null);
    }

    static PgType composite(int oid, String name, Attribute... attributes) {
        return new PgType(oid, name, Kind.COMPOSITE, null, ',', List.of(attributes), null);
    }

    static String encode(PgType type, String text) {
        return encode(ValueEncoder.of(type), text.getBytes(StandardCharsets.UTF_8));
    }

    /** Encodes from the middle of a larger array, as the stream's values come. */
    static String encode(ValueEncoder encoder, byte[] text) {
        byte[] around = new byte[text.length + 20];
        java.util.Arrays.fill(around, (byte) '"');
        System.arraycopy(text, 0, around, 7, text.length);
        JsonBuffer out = new JsonBuffer(0, Integer.MAX_VALUE);
        encoder.encode(around, 7, text.length, out);
        return out.toString();
    }
}
