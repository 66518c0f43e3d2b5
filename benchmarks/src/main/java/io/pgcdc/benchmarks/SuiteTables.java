package io.pgcdc.benchmarks;

import io.pgcdc.model.Column;
import io.pgcdc.model.PgType;
import io.pgcdc.model.Relation;
import io.pgcdc.model.ReplicaIdentity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tables of the suites, and their rows. */
final class SuiteTables {

    private static final PgType BOOL = PgType.base(16, "bool");
    private static final PgType INT8 = PgType.base(20, "int8");
    private static final PgType INT2 = PgType.base(21, "int2");
    private static final PgType INT4 = PgType.base(23, "int4");
    private static final PgType TEXT = PgType.base(25, "text");
    private static final PgType FLOAT8 = PgType.base(701, "float8");
    private static final PgType INET = PgType.base(869, "inet");
    private static final PgType VARCHAR = PgType.base(1043, "varchar");
    private static final PgType DATE = PgType.base(1082, "date");
    private static final PgType TIMESTAMP = PgType.base(1114, "timestamp");
    private static final PgType TIMESTAMPTZ = PgType.base(1184, "timestamptz");
    private static final PgType NUMERIC = PgType.base(1700, "numeric");
    private static final PgType UUID = PgType.base(2950, "uuid");
    private static final PgType JSONB = PgType.base(3802, "jsonb");
    private static final PgType TEXT_ARRAY = array(1009, TEXT);
    private static final PgType INT4_ARRAY = array(1007, INT4);

    private SuiteTables() {}

    /** id bigint, two short texts. */
    static Relation narrow(int version, int oid) {
        return relation(version, oid, "narrow", ReplicaIdentity.DEFAULT, List.of(INT8, TEXT, TEXT));
    }

    /** An insert of it takes 89 bytes. */
    static List<@Nullable String> narrowRow(int i) {
        return Arrays.asList(
                String.valueOf(10_000_000 + i),
                String.format("customer %08d, of the shop", i),
                String.format("mail.%08d@shop.example.com.", i));
    }

    /** Twenty columns of mixed types under REPLICA IDENTITY FULL. */
    static Relation wide(int version, int oid) {
        return wide("wide", version, oid);
    }

    static Relation wide(String name, int version, int oid) {
        return relation(
                version,
                oid,
                name,
                ReplicaIdentity.FULL,
                List.of(
                        INT8,
                        UUID,
                        TEXT,
                        TEXT,
                        BOOL,
                        INT4,
                        INT2,
                        NUMERIC,
                        NUMERIC,
                        FLOAT8,
                        TIMESTAMPTZ,
                        TIMESTAMP,
                        DATE,
                        JSONB,
                        TEXT_ARRAY,
                        INT4_ARRAY,
                        INET,
                        VARCHAR,
                        TEXT,
                        TEXT));
    }

    /** An update from one generation to the next takes about 1.2 KB; name, amount and two times differ, and a number in scale only. */
    static List<@Nullable String> wideRow(int i, int generation) {
        return Arrays.asList(
                String.valueOf(10_000_000 + i),
                String.format("a0eebc99-9c0b-4ef8-bb6d-%012d", i),
                String.format("mail.%08d@shop.example.com", i),
                "Zoë \"Name\" of generation " + generation,
                "t",
                String.valueOf(i),
                "7",
                String.format("%d.%02d", i, generation),
                generation == 0 ? "12.5" : "12.50",
                "0.1",
                String.format("2026-01-02 03:04:%02d.678901+00", generation),
                String.format("2026-01-02 03:04:%02d", generation),
                "2026-01-02",
                "{\"page\": \"/basket\", \"items\": [1, 2, 3], \"total\": 12.50, \"coupon\": null}",
                "{new,\"two words\",paid}",
                "{1,2,3,4,5}",
                "10.20.30.40",
                "short",
                "A text of about a hundred characters, as descriptions, addresses and the like are in many of the tables.",
                null);
    }

    /** Any columns. */
    static Relation of(int version, int oid, List<PgType> types) {
        return relation(version, oid, "any", ReplicaIdentity.DEFAULT, types);
    }

    private static Relation relation(int version, int oid, String name, ReplicaIdentity identity, List<PgType> types) {
        List<Column> columns = new ArrayList<>();
        for (PgType type : types) {
            String column = columns.isEmpty() ? "id" : type.name().replace("[]", "s") + "_" + columns.size();
            boolean key = columns.isEmpty() || identity == ReplicaIdentity.FULL;
            columns.add(new Column(column, type, -1, key));
        }
        return new Relation(version, oid, "public", name, identity, columns, List.of(0), List.of());
    }

    private static PgType array(int oid, PgType element) {
        return new PgType(oid, element.name() + "[]", PgType.Kind.ARRAY, element, ',', List.of(), null);
    }
}
