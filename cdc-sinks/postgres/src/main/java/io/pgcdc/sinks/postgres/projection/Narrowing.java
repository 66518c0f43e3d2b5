package io.pgcdc.sinks.postgres.projection;

import io.pgcdc.model.PgType;
import java.util.Map;
import java.util.Set;

/** Finds columns of the target that round or cut values of the source without an error. Pure; any thread. */
final class Narrowing {

    /** For a built-in type of the target: the built-in types of the source whose values it rounds or cuts. */
    private static final Map<String, Set<String>> ROUNDS = Map.of(
            "float4", Set.of("float8", "numeric", "int4", "int8"),
            "float8", Set.of("numeric", "int8"),
            "date", Set.of("timestamp", "timestamptz"),
            "time", Set.of("timestamp", "timestamptz"),
            "timetz", Set.of("timestamp", "timestamptz"),
            "money", Set.of("numeric", "float4", "float8"),
            "name", Set.of("text", "varchar", "bpchar"),
            "char", Set.of("text", "varchar", "bpchar", "name"));

    private static final Set<String> TIMES = Set.of("time", "timetz", "timestamp", "timestamptz", "interval");

    private static final int MICROSECONDS = 6;
    private static final int NONE = -1;
    private static final int ALL_FIELDS = 0x7fff;
    private static final int FIRST_NORMAL_OID = 16_384;

    private Narrowing() {}

    /**
     * Returns true if the target's column may change values of the source's column.
     *
     * @param sourceTypmod length or precision of the source's column; -1 for none
     */
    static boolean rounds(PgType source, int sourceTypmod, TargetTable.TargetColumn target) {
        PgType base = source.withoutDomains();
        if (Integer.compareUnsigned(base.oid(), FIRST_NORMAL_OID) >= 0) {
            return false;
        }
        String to = target.type();
        String from = base.name();
        if (ROUNDS.getOrDefault(to, Set.of()).contains(from)) {
            return true;
        }
        if (target.typmod() == NONE || source.kind() == PgType.Kind.DOMAIN) {
            return false; // a domain's length is not known
        }
        if (to.equals("numeric")) {
            return from.startsWith("float")
                    || (from.equals("numeric")
                            && (sourceTypmod == NONE || scale(target.typmod()) < scale(sourceTypmod)));
        }
        if (to.equals("interval") && from.equals("interval")) {
            return (fields(target.typmod()) != ALL_FIELDS && target.typmod() != sourceTypmod)
                    || precision(target.typmod()) < precision(sourceTypmod);
        }
        return TIMES.contains(to) && TIMES.contains(from) && precision(target.typmod()) < precision(sourceTypmod);
    }

    /** Returns the digits after the point: the low 11 bits of a typmod of numeric, with a sign. */
    private static int scale(int typmod) {
        return (((typmod - 4) & 0x7ff) ^ 1024) - 1024;
    }

    /** Returns the fields of an interval, such as those of {@code interval day to hour}. */
    private static int fields(int typmod) {
        return typmod >> 16 & ALL_FIELDS;
    }

    /** Returns the digits of a second's fraction. A typmod of interval has other bits above them. */
    private static int precision(int typmod) {
        int digits = typmod == NONE ? MICROSECONDS : typmod & 0xffff;
        return Math.min(digits, MICROSECONDS);
    }
}
