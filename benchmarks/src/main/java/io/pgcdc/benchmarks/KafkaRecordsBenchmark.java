package io.pgcdc.benchmarks;

import io.pgcdc.delivery.SegmentBatch;
import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.model.Change;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sink.SourceId;
import io.pgcdc.sinks.kafka.format.FormatChoice;
import io.pgcdc.sinks.kafka.format.Formats;
import io.pgcdc.sinks.kafka.format.RecordFormat;
import io.pgcdc.sinks.kafka.format.Records;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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
 * What a Kafka sink's thread does for each change before the producer has it: from a stored segment's bytes to records with key, value and
 * headers. A producer keeps records, so each is made anew: what is allocated a change is the record and what it consists of.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(5)
@State(Scope.Thread)
public class KafkaRecordsBenchmark {

    private static final int PARTITIONS = 6;

    /** The records' format; {@code debezium_schemas}: each key and value with its schema. */
    @Param({"native", "debezium", "debezium_schemas"})
    public String format = "native";

    private final SegmentBatch narrowInserts = StoredSegment.narrowInserts().batch();
    private final SegmentBatch wideUpdates = StoredSegment.wideUpdates().batch();
    private final Records records = new Records();
    private Consumer<Change> append = change -> {};

    @Setup
    public void create() {
        Map<String, Object> given = new HashMap<>(Map.of("prefix", "shop"));
        if (!format.equals("native")) {
            given.put("format", FormatChoice.DEBEZIUM);
            given.put("schemas_enable", format.endsWith("_schemas"));
        }
        RecordFormat<JsonBuffer> made = Formats.create(
                "bus",
                InstantSource.system(),
                Formats.complete(new SettingValues(given)),
                topic -> PARTITIONS,
                new SourceId("7518295421548201473", "shop", "shop_cdc"));
        append = change -> made.append(change, records);
    }

    /** Returns the number of records, 1,000. */
    @Benchmark
    @OperationsPerInvocation(StoredSegment.CHANGES)
    public int narrowInsert() {
        return recordsOf(narrowInserts);
    }

    @Benchmark
    @OperationsPerInvocation(StoredSegment.CHANGES)
    public int wideUpdate() {
        return recordsOf(wideUpdates);
    }

    private int recordsOf(SegmentBatch batch) {
        records.clear();
        batch.forEach(append);
        return records.waiting().size();
    }
}
