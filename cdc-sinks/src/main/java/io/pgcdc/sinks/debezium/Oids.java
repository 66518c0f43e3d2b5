package io.pgcdc.sinks.debezium;

/** The built-in types that have a form of their own (pg_type.dat; these numbers never change). */
final class Oids {

    static final int BOOL = 16;
    static final int BYTEA = 17;
    static final int CHAR = 18;
    static final int NAME = 19;
    static final int INT8 = 20;
    static final int INT2 = 21;
    static final int INT2VECTOR = 22;
    static final int INT4 = 23;
    static final int TEXT = 25;
    static final int OID = 26;
    static final int OIDVECTOR = 30;
    static final int JSON = 114;
    static final int XML = 142;
    static final int POINT = 600;
    static final int CIDR = 650;
    static final int FLOAT4 = 700;
    static final int FLOAT8 = 701;
    static final int MACADDR8 = 774;
    static final int MONEY = 790;
    static final int MACADDR = 829;
    static final int INET = 869;
    static final int BPCHAR = 1042;
    static final int VARCHAR = 1043;
    static final int DATE = 1082;
    static final int TIME = 1083;
    static final int TIMESTAMP = 1114;
    static final int TIMESTAMPTZ = 1184;
    static final int INTERVAL = 1186;
    static final int TIMETZ = 1266;
    static final int BIT = 1560;
    static final int VARBIT = 1562;
    static final int NUMERIC = 1700;
    static final int UUID = 2950;
    static final int TSVECTOR = 3614;
    static final int JSONB = 3802;
    static final int INT4RANGE = 3904;
    static final int NUMRANGE = 3906;
    static final int TSRANGE = 3908;
    static final int TSTZRANGE = 3910;
    static final int DATERANGE = 3912;
    static final int INT8RANGE = 3926;

    private Oids() {}
}
