package io.pgcdc.json.value;

import io.pgcdc.model.PgType;

/** The built-in types with a special JSON form (pg_type.dat; these numbers never change). */
final class TypeOids {

    static final int BOOL = 16;
    static final int INT8 = 20;
    static final int INT2 = 21;
    static final int INT2VECTOR = 22;
    static final int INT4 = 23;
    static final int OIDVECTOR = 30;
    static final int JSON = 114;
    static final int FLOAT4 = 700;
    static final int FLOAT8 = 701;
    static final int TIMESTAMP = 1114;
    static final int TIMESTAMPTZ = 1184;
    static final int NUMERIC = 1700;
    static final int JSONB = 3802;

    private TypeOids() {}

    static boolean isHstore(PgType type) {
        return "hstore".equals(type.extension()) && type.name().equals("hstore");
    }
}
