package io.pgcdc.race;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** The measurements of one contestant: one for each round. */
final class KafkaStanding {

    private static final double MILLION = 1e6;

    private final String label;
    private final List<Double> aSecond = new ArrayList<>();
    private final List<Double> bytes = new ArrayList<>();
    private final List<Double> cpu = new ArrayList<>();
    private final List<Double> withStart = new ArrayList<>();
    private final List<Double> broker = new ArrayList<>();
    private final List<Double> walsender = new ArrayList<>();

    KafkaStanding(String label) {
        this.label = label;
    }

    /**
     * One run in which a contestant sent records to Kafka.
     *
     * @param found the records in the topics after the run
     * @param usage time and memory of the contestant's process, and CPU time of its walsender
     * @param brokerSeconds CPU time of the broker during the run, in seconds
     */
    record Sending(KafkaTopics.Found found, ProcessMeter.Usage usage, double brokerSeconds) {}

    /**
     * Adds the measurement of a round.
     *
     * @param full the run that sent the whole backlog
     * @param start a run that sent one record; its CPU time is the cost of starting and ending the process
     */
    void add(Sending full, Sending start) {
        double millions = full.found().records() / MILLION;
        aSecond.add(full.found().aSecond());
        bytes.add((double) full.found().bytes() / full.found().records());
        cpu.add((full.usage().cpuSeconds() - start.usage().cpuSeconds()) / millions);
        withStart.add(full.usage().cpuSeconds() / millions);
        broker.add(full.brokerSeconds() / millions);
        walsender.add(full.usage().walsenderSeconds() / millions);
    }

    /** Returns the median of the rounds' records per second. */
    double aSecond() {
        return median(aSecond);
    }

    /** Returns the first two lines of the table in Markdown. */
    static String head() {
        return "| | records/s | ratio to perf | ratio to perf-transactions | bytes a record | CPU s/million | with start-up |"
                + " broker CPU s/million | walsender CPU s/million |\n|---|---|---|---|---|---|---|---|---|\n";
    }

    /**
     * Returns this contestant's line of the table.
     *
     * @param plain records/s of the contestant {@code perf}; 0 if it did not run
     * @param transactional records/s of the contestant {@code perf-transactions}; 0 if it did not run
     */
    String line(double plain, double transactional) {
        return String.format(
                Locale.ROOT,
                "| %s | %,.0f | %s | %s | %.0f | %.2f | %.2f | %.2f | %.2f |%n",
                label,
                aSecond(),
                ratio(plain),
                ratio(transactional),
                median(bytes),
                median(cpu),
                median(withStart),
                median(broker),
                median(walsender));
    }

    private String ratio(double other) {
        return other > 0 ? String.format(Locale.ROOT, "%.2f", aSecond() / other) : "";
    }

    private static double median(List<Double> values) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }
}
