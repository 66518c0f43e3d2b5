package io.pgcdc.sinks.postgres.projection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pgcdc.model.PgType;
import io.pgcdc.sinks.postgres.projection.KeyText.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two texts of a key column are one key, two keys, or it cannot be told. A new type costs a line. */
class KeyTextTest {

    private static final String BYTES = "same bytes only";

    /** Types are written type(typmod), the source's as pg_type names it; ci: of a nondeterministic collation; ext: not the server's own. */
    @ParameterizedTest(name = "{0} -> {1}: {2} and {3} are {4}")
    @CsvSource(quoteCharacter = '"', textBlock = """
            text,        text,        abc,     abc,    ONE_KEY
            text,        text,        abc,     ABC,    TWO_KEYS
            text,        text,        "a",     "a ",   TWO_KEYS
            text,        text ci,     abc,     abc,    ONE_KEY
            text,        text ci,     abc,     ABC,    CANNOT_TELL
            text,        text ci,     abc,     xyz,    CANNOT_TELL
            varchar,     varchar ci,  abc,     ABC,    CANNOT_TELL
            bpchar,      bpchar ci,   abc,     ABC,    CANNOT_TELL
            _text,       _text ci,    {a},     {A},    CANNOT_TELL
            numeric,     text,        1.0,     1.00,   TWO_KEYS
            ext citext,  text,        abc,     ABC,    TWO_KEYS
            ext citext,  ext,         abc,     ABC,    CANNOT_TELL
            text,        ext,         abc,     ABC,    CANNOT_TELL
            ext uuid,    uuid,        a,       b,      CANNOT_TELL
            varchar(8),  varchar(8),  "a",     "a ",   TWO_KEYS
            varchar(8),  varchar,     "a",     "a ",   TWO_KEYS
            text,        varchar(2),  "ab",    "ab ",  CANNOT_TELL
            varchar(8),  varchar(2),  "ab",    "ab ",  CANNOT_TELL
            text,        varchar(2),  "ab",    "ac",   TWO_KEYS
            bpchar(3),   varchar(3),  "a",     "a  ",  CANNOT_TELL
            bpchar(3),   bpchar(3),   "a",     "a  ",  ONE_KEY
            bpchar(3),   bpchar(9),   "a  ",   "a",    ONE_KEY
            text,        bpchar(9),   "a  ",   " a",   TWO_KEYS
            text,        name,        a,       b,      CANNOT_TELL
            int4,        int4,        1,       10,     TWO_KEYS
            int4,        int8,        1,       10,     TWO_KEYS
            int2,        numeric,     100,     10,     TWO_KEYS
            text,        int4,        1,       01,     CANNOT_TELL
            numeric,     int4,        1.0,     1,      CANNOT_TELL
            numeric,     numeric,     1.0,     1.00,   ONE_KEY
            numeric,     numeric,     1.0,     1,      ONE_KEY
            numeric,     numeric,     0.00,    0,      ONE_KEY
            numeric,     numeric,     -0.10,   -0.1,   ONE_KEY
            numeric,     numeric,     100,     10,     TWO_KEYS
            numeric,     numeric,     NaN,     NaN,    ONE_KEY
            numeric,     numeric,     1.01,    1.02,   TWO_KEYS
            numeric,     numeric(7),  1.01,    1.02,   CANNOT_TELL
            numeric(7),  numeric(7),  1.01,    1.02,   TWO_KEYS
            text,        numeric,     1.0,     1e0,    CANNOT_TELL
            float8,      float8,      0,       -0,     ONE_KEY
            float8,      float8,      1,       -1,     TWO_KEYS
            float4,      float4,      0,       -0,     ONE_KEY
            float8,      float4,      1.1,     1.10000001, CANNOT_TELL
            float4,      float8,      1.1,     1.2,    CANNOT_TELL
            timestamptz, timestamptz, 2026-01-02 03:04:05+00, 2026-01-02 03:04:06+00, TWO_KEYS
            timestamptz, timestamptz(0), 2026-01-02 03:04:05.1+00, 2026-01-02 03:04:05.2+00, CANNOT_TELL
            timestamptz(0), timestamptz(0), 2026-01-02 03:04:05+00, 2026-01-02 03:04:06+00, TWO_KEYS
            timestamp,   timestamptz, 2026-01-02, 2026-01-03, CANNOT_TELL
            text,        timestamptz, 2026-01-02, 2026-01-03, CANNOT_TELL
            date,        date,        2026-01-02, 2026-01-03, TWO_KEYS
            timetz,      timetz,      10:00:00+01, 09:00:00+00, TWO_KEYS
            interval,    interval,    1 mon,   30 days, CANNOT_TELL
            bool,        bool,        t,       f,      TWO_KEYS
            text,        bool,        t,       true,   CANNOT_TELL
            uuid,        uuid,        a,       b,      TWO_KEYS
            text,        uuid,        a,       A,      CANNOT_TELL
            bytea,       bytea,       \\x00,   \\x01,  TWO_KEYS
            inet,        inet,        10.0.0.1, 10.0.0.1/24, TWO_KEYS
            text,        inet,        10.0.0.1, 10.0.0.1/32, CANNOT_TELL
            jsonb,       jsonb,       1.0,     1.00,   CANNOT_TELL
            _int4,       _int4,       {1},     {2},    TWO_KEYS
            _numeric,    _numeric,    {1.0},   {1.00}, CANNOT_TELL
            _float8,     _float8,     {0},     {-0},   CANNOT_TELL
            _bpchar,     _bpchar,     {a},     {"a "}, CANNOT_TELL
            int4range,   int4range,   "[1,2)", "[1,3)", TWO_KEYS
            numrange,    numrange,    "[1,2)", "[1.0,2)", CANNOT_TELL
            enum,        enum,        a,       b,      TWO_KEYS
            enum,        text,        a,       b,      TWO_KEYS
            text,        enum,        a,       b,      CANNOT_TELL
            row,         ext,         (1.0),   (1.00), CANNOT_TELL
            domain,      numeric,     1.0,     1.00,   ONE_KEY
            domain,      numeric(7),  1.01,    1.02,   CANNOT_TELL
            """)
    void textsOfAKey(String source, String target, String one, String other, Verdict verdict) {
        KeyText text = keyText(source, target);
        assertEquals(verdict, compare(text, one, other));
        assertEquals(verdict, compare(text, other, one), "the other way round");
        assertEquals(Verdict.ONE_KEY, compare(text, one, one), BYTES);
    }

    /** What is not in the table above is not put together by its bytes. */
    @Test
    void aTypeThatNobodyThoughtOfCannotBeTold() {
        for (String type : List.of("money", "tsvector", "box", "hstore", "record", "xml")) {
            assertEquals(KeyText.UNKNOWN, keyText(type, type), type);
        }
    }

    private static Verdict compare(KeyText text, String one, String other) {
        return text.compare(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    private static KeyText keyText(String source, String target) {
        boolean deterministic = !target.endsWith(" ci");
        String to = target.replace(" ci", "");
        TargetTable.TargetColumn column = new TargetTable.TargetColumn(
                "", "", to.equals("ext") ? "" : name(to), typmod(to), deterministic, true, false, false);
        return KeyText.of(type(source), typmod(source), column, deterministic);
    }

    private static PgType type(String source) {
        if (source.startsWith("ext ")) {
            return PgType.base(20_000, source.substring(4));
        }
        return switch (source) {
            case "enum" -> ofKind(20_001, PgType.Kind.ENUM, null);
            case "row" -> ofKind(20_002, PgType.Kind.COMPOSITE, null);
            case "domain" -> ofKind(20_003, PgType.Kind.DOMAIN, PgType.base(1700, "numeric"));
            default -> PgType.base(1, name(source));
        };
    }

    private static PgType ofKind(int oid, PgType.Kind kind, @org.jspecify.annotations.Nullable PgType element) {
        return new PgType(oid, "own", kind, element, ',', List.of(), null);
    }

    private static String name(String type) {
        int paren = type.indexOf('(');
        return paren < 0 ? type : type.substring(0, paren);
    }

    private static int typmod(String type) {
        int paren = type.indexOf('(');
        return paren < 0 ? -1 : Integer.parseInt(type.substring(paren + 1, type.length() - 1));
    }
}
