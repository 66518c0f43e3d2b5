package io.pgcdc.benchmarks;

import io.pgcdc.decode.PgOutput;
import io.pgcdc.decode.PgOutputDecoder;
import io.pgcdc.model.Relation;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Decoding by message type: one message, read down to the place and length of each value. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(3)
@State(Scope.Thread)
public class MessageBenchmark {

    private static final int OID = 16_385;

    @Param({
        "BEGIN",
        "COMMIT",
        "INSERT",
        "UPDATE",
        "UPDATE_OLD_ROW",
        "DELETE_KEY",
        "DELETE_OLD_ROW",
        "TRUNCATE",
        "MESSAGE",
        "RELATION"
    })
    private Type type = Type.BEGIN;

    private final PgOutputDecoder decoder = new PgOutputDecoder(PgOutput.VERSION);
    private final ReadValues values = new ReadValues();
    private byte[] message = {};

    /** Rows are of the three columns of a narrow table. */
    public enum Type {
        BEGIN,
        COMMIT,
        INSERT,
        UPDATE,
        UPDATE_OLD_ROW,
        DELETE_KEY,
        DELETE_OLD_ROW,
        TRUNCATE,
        MESSAGE,
        RELATION
    }

    @Setup
    public void write() {
        List<@Nullable String> row = SuiteTables.narrowRow(1);
        List<@Nullable String> key = Arrays.asList(row.get(0), null, null);
        Relation relation = SuiteTables.narrow(1, OID);
        message = switch (type) {
            case BEGIN -> MessageWriter.begin(1, 2, 3);
            case COMMIT -> MessageWriter.commit(1, 2, 3);
            case INSERT -> MessageWriter.insert(OID, row);
            case UPDATE -> MessageWriter.update(OID, row);
            case UPDATE_OLD_ROW -> MessageWriter.update(OID, row, row);
            case DELETE_KEY -> MessageWriter.delete(OID, 'K', key);
            case DELETE_OLD_ROW -> MessageWriter.delete(OID, 'O', row);
            case TRUNCATE -> MessageWriter.truncate(OID, OID + 1);
            case MESSAGE -> MessageWriter.logicalMessage("outbox", new byte[64]);
            case RELATION -> MessageWriter.relation(relation);
        };
    }

    @Benchmark
    public long decode() {
        decoder.decode(message, 0, message.length, 1, values);
        return values.bytes();
    }
}
