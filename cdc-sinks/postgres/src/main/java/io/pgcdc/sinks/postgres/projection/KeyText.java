package io.pgcdc.sinks.postgres.projection;

import io.pgcdc.model.PgType;
import java.util.Arrays;
import java.util.Set;

/**
 * The rule by which two texts of a key column are one key in the target. The type and collation of the target's column decide, not
 * those of the source. Pure; safe for any thread.
 */
enum KeyText {
    /** Two texts are one key if and only if their bytes are equal. */
    EXACT,
    /** A number: 1.0 and 1.00 are one key. */
    NUMERIC,
    /** A float: 0 and -0 are one key. */
    FLOAT,
    /** A padded text: blanks at the end do not count. */
    PADDED,
    /** A text that the column may cut: blanks after the column's length are dropped. */
    CUT,
    /**
     * Any two texts may be one key: for example a collation that ignores case, a type of an extension, or a value that is rounded.
     */
    UNKNOWN;

    /** The result of {@link #compare}. */
    enum Verdict {
        ONE_KEY,
        TWO_KEYS,
        CANNOT_TELL
    }

    /** Types with exactly one text per value, if both sides have the type with the same precision. */
    private static final Set<String> ONE_TEXT = Set.of(
            "bool",
            "uuid",
            "date",
            "time",
            "timetz",
            "timestamp",
            "timestamptz",
            "bytea",
            "oid",
            "inet",
            "cidr",
            "macaddr",
            "macaddr8",
            "bit",
            "varbit",
            "pg_lsn",
            "xid8",
            "char",
            "int4range",
            "int8range",
            "daterange",
            "tsrange",
            "tstzrange",
            "_int2",
            "_int4",
            "_int8",
            "_bool",
            "_uuid",
            "_date",
            "_timestamp",
            "_timestamptz",
            "_text",
            "_bytea");

    private static final Set<String> INTEGERS = Set.of("int2", "int4", "int8");

    /** A type with this oid or a higher one is not built in, even if it has a built-in type's name. */
    private static final int FIRST_NORMAL_OID = 16_384;

    private static final byte[] NOTHING = {};
    private static final byte[] ZERO = {'0'};

    /**
     * Returns the rule for texts of a source column in a column of the target.
     *
     * @param source the source column's type
     * @param sourceTypmod its length or precision; -1 for none
     * @param target the target's column
     * @param deterministic true if only equal bytes are equal in the collations of the column and of its unique index
     */
    static KeyText of(PgType source, int sourceTypmod, TargetTable.TargetColumn target, boolean deterministic) {
        PgType base = source.withoutDomains();
        boolean builtIn = Integer.compareUnsigned(base.oid(), FIRST_NORMAL_OID) < 0;
        String from = builtIn ? base.name() : "";
        boolean alike =
                target.typmod() == -1 || (source.kind() != PgType.Kind.DOMAIN && target.typmod() == sourceTypmod);
        if (!deterministic) {
            return UNKNOWN;
        }
        return switch (target.type()) {
            case "text" -> EXACT;
            case "varchar" -> alike && (target.typmod() == -1 || from.equals("varchar")) ? EXACT : CUT;
            case "bpchar" -> PADDED;
            case TargetTable.ENUM -> base.kind() == PgType.Kind.ENUM ? EXACT : UNKNOWN;
            case "int2", "int4", "int8" -> INTEGERS.contains(from) ? EXACT : UNKNOWN;
            case "numeric" -> alike && (from.equals("numeric") || INTEGERS.contains(from)) ? NUMERIC : UNKNOWN;
            case "float4", "float8" -> from.equals(target.type()) ? FLOAT : UNKNOWN;
            default -> alike && from.equals(target.type()) && ONE_TEXT.contains(from) ? EXACT : UNKNOWN;
        };
    }

    /**
     * Returns the rough form of a text. Texts that may be one key have the same rough form. For {@link #NUMERIC}, {@link #FLOAT} and
     * {@link #PADDED}, texts with the same rough form are certainly one key.
     */
    byte[] rough(byte[] text) {
        return switch (this) {
            case EXACT -> text;
            case NUMERIC -> withoutZeros(text);
            case FLOAT -> text.length == 2 && text[0] == '-' && text[1] == '0' ? ZERO : text;
            case PADDED, CUT -> withoutEnd(text, (byte) ' ');
            case UNKNOWN -> NOTHING;
        };
    }

    Verdict compare(byte[] one, byte[] other) {
        if (Arrays.equals(one, other)) {
            return Verdict.ONE_KEY;
        }
        if (!Arrays.equals(rough(one), rough(other))) {
            return Verdict.TWO_KEYS;
        }
        return this == CUT || this == UNKNOWN ? Verdict.CANNOT_TELL : Verdict.ONE_KEY;
    }

    private static byte[] withoutZeros(byte[] text) {
        for (byte b : text) {
            if (b == '.') {
                byte[] cut = withoutEnd(text, (byte) '0');
                return cut[cut.length - 1] == '.' ? Arrays.copyOf(cut, cut.length - 1) : cut;
            }
        }
        return text;
    }

    private static byte[] withoutEnd(byte[] text, byte dropped) {
        int end = text.length;
        while (end > 0 && text[end - 1] == dropped) {
            end--;
        }
        return end == text.length ? text : Arrays.copyOf(text, end);
    }
}
