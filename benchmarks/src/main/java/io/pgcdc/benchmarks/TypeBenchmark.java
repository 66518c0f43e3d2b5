package io.pgcdc.benchmarks;

import io.pgcdc.delivery.SegmentBatch;
import io.pgcdc.model.PgType;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures the time to transcode one value, for each type. A record is an insert with {@value #COLUMNS} equal columns. The time per
 * value includes a twentieth of the time for the rest of the record.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(3)
@State(Scope.Thread)
public class TypeBenchmark {

    private static final int COLUMNS = 20;
    private static final PgType INT4 = PgType.base(23, "int4");
    private static final PgType TEXT = PgType.base(25, "text");

    @Param({
        "NULL",
        "BOOL",
        "INT4",
        "INT8",
        "NUMERIC",
        "FLOAT8",
        "TEXT",
        "TEXT_LONG",
        "TEXT_ESCAPED",
        "TEXT_CYRILLIC",
        "UUID",
        "BYTEA",
        "DATE",
        "TIMESTAMP",
        "TIMESTAMPTZ",
        "JSONB",
        "INT4_ARRAY",
        "TEXT_ARRAY",
        "COMPOSITE",
        "HSTORE"
    })
    private Value value = Value.NULL;

    private final Lines lines = new Lines();
    private SegmentBatch batch = StoredSegment.narrowInserts().batch();

    /** A type, and one of its values as the text that the server sends. */
    public enum Value {
        NULL(TypeBenchmark.TEXT, null),
        BOOL(PgType.base(16, "bool"), "t"),
        INT4(TypeBenchmark.INT4, "1234567"),
        INT8(PgType.base(20, "int8"), "1234567890123"),
        NUMERIC(PgType.base(1700, "numeric"), "1234567.8900"),
        FLOAT8(PgType.base(701, "float8"), "0.30000000000000004"),
        TEXT(TypeBenchmark.TEXT, "a few words of text"),
        TEXT_LONG(TypeBenchmark.TEXT, "words of text ".repeat(72)),
        TEXT_ESCAPED(TypeBenchmark.TEXT, "she said \"so\" \\ and\nleft"),
        TEXT_CYRILLIC(TypeBenchmark.TEXT, "несколько слов"),
        UUID(PgType.base(2950, "uuid"), "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
        BYTEA(PgType.base(17, "bytea"), "\\xdeadbeefdeadbeefdeadbeefdeadbeef"),
        DATE(PgType.base(1082, "date"), "2026-01-02"),
        TIMESTAMP(PgType.base(1114, "timestamp"), "2026-01-02 03:04:05.678901"),
        TIMESTAMPTZ(PgType.base(1184, "timestamptz"), "2026-01-02 03:04:05.678901+00"),
        JSONB(PgType.base(3802, "jsonb"), "{\"page\": \"/basket\", \"items\": [1, 2, 3], \"total\": 12.50}"),
        INT4_ARRAY(array(1007, TypeBenchmark.INT4), "{1,2,3,4,5}"),
        TEXT_ARRAY(array(1009, TypeBenchmark.TEXT), "{new,\"two words\",paid}"),
        COMPOSITE(pair(), "(7,\"two words\")"),
        HSTORE(
                new PgType(16_500, "hstore", PgType.Kind.BASE, null, ',', List.of(), "hstore"),
                "\"a\"=>\"1\", \"b\"=>NULL");

        private final PgType type;
        private final @Nullable String text;

        Value(PgType type, @Nullable String text) {
            this.type = type;
            this.text = text;
        }
    }

    private static PgType array(int oid, PgType element) {
        return new PgType(oid, element.name() + "[]", PgType.Kind.ARRAY, element, ',', List.of(), null);
    }

    private static PgType pair() {
        List<PgType.Attribute> attributes =
                List.of(new PgType.Attribute("number", INT4), new PgType.Attribute("word", TEXT));
        return new PgType(16_501, "pair", PgType.Kind.COMPOSITE, null, ',', attributes, null);
    }

    @Setup
    public void write() {
        batch = StoredSegment.inserts(
                        Collections.nCopies(COLUMNS, value.type), Collections.nCopies(COLUMNS, value.text))
                .batch();
    }

    @Benchmark
    @OperationsPerInvocation(StoredSegment.CHANGES * COLUMNS)
    public int transcode() {
        return lines.of(batch);
    }
}
