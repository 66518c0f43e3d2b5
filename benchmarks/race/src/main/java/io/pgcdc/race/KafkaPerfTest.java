package io.pgcdc.race;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Kafka's own kafka-producer-perf-test, as its script starts it. Its records have a value only, as long as ours with key and headers.
 *
 * @param fromFile values are drawn from a file of ours; else it makes up each anew
 * @param transactionMs how long each of its transactions is; 0: none
 */
record KafkaPerfTest(String label, boolean fromFile, int transactionMs) implements KafkaContestant {

    /** Of kafka-run-class.sh. */
    static final List<String> JVM = List.of(
            "-Xmx512m",
            "-XX:+UseG1GC",
            "-XX:MaxGCPauseMillis=20",
            "-XX:InitiatingHeapOccupancyPercent=35",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=error");

    private static final String MAIN = "org.apache.kafka.tools.ProducerPerformance";

    @Override
    public boolean sendsChanges() {
        return false;
    }

    @Override
    public List<String> command(KafkaLap lap, Path directory) {
        List<String> arguments = new ArrayList<>(
                List.of("--topic", lap.prefix(), "--num-records", Long.toString(lap.records()), "--throughput", "-1"));
        arguments.addAll(
                fromFile
                        ? List.of("--payload-file", lap.payloads().toString())
                        : List.of("--record-size", Integer.toString(lap.payloadBytes())));
        if (transactionMs > 0) {
            arguments.addAll(List.of(
                    "--transactional-id", lap.prefix(), "--transaction-duration-ms", Integer.toString(transactionMs)));
        }
        arguments.add("--command-property");
        lap.producer().forEach((key, value) -> arguments.add(key + "=" + value));
        return Programs.java(MAIN, JVM, arguments);
    }
}
