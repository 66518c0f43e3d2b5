package io.pgcdc.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Each benchmark runs. What it measures is not looked at here. */
class BenchmarkSmokeTest {

    @Test
    void eachBenchmarkRunsAndGivesAResult() throws Exception {
        // JMH's lock is for the whole machine, and a build is no measurement
        System.setProperty("jmh.ignoreLock", "true");
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include("io\\.pgcdc\\.benchmarks\\..*")
                        .forks(0)
                        .warmupIterations(0)
                        .measurementIterations(1)
                        .measurementTime(TimeValue.milliseconds(5))
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run();
        assertEquals(
                Set.of(
                        "CaptureBenchmark.captureToLines",
                        "ChangedFieldsBenchmark.decodedAndCompared",
                        "ChangedFieldsBenchmark.decodedAndBytesCompared",
                        "ChangedFieldsBenchmark.decodedOnly",
                        "KafkaRecordsBenchmark.narrowInsert",
                        "KafkaRecordsBenchmark.wideUpdate",
                        "MessageBenchmark.decode",
                        "QueueBenchmark.appendAndSync",
                        "QueueBenchmark.appendToLines",
                        "QueueBenchmark.appendWhileSyncing",
                        "QueueBenchmark.read",
                        "DecodeBenchmark.narrowInsert",
                        "DecodeBenchmark.wideUpdate",
                        "TranscodeBenchmark.narrowInsert",
                        "TranscodeBenchmark.wideUpdate",
                        "TypeBenchmark.transcode",
                        "WidthBenchmark.transcode"),
                results.stream()
                        .map(r -> r.getParams().getBenchmark().replace("io.pgcdc.benchmarks.", ""))
                        .collect(Collectors.toSet()));
        for (RunResult result : results) {
            assertTrue(result.getPrimaryResult().getScore() > 0, result.getParams()::getBenchmark);
        }
    }
}
