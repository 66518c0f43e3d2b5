package io.pgcdc.race;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** One contestant's sendings. */
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
     * What a sending cost.
     *
     * @param brokerSeconds CPU time of the broker meanwhile
     */
    record Sending(KafkaTopics.Found found, ProcessMeter.Usage usage, double brokerSeconds) {}

    /** @param start the same of one record, which tells what starting and ending take */
    void add(Sending full, Sending start) {
        double millions = full.found().records() / MILLION;
        aSecond.add(full.found().aSecond());
        bytes.add((double) full.found().bytes() / full.found().records());
        cpu.add((full.usage().cpuSeconds() - start.usage().cpuSeconds()) / millions);
        withStart.add(full.usage().cpuSeconds() / millions);
        broker.add(full.brokerSeconds() / millions);
        walsender.add(full.usage().walsenderSeconds() / millions);
    }

    /** Median. */
    double aSecond() {
        return median(aSecond);
    }

    static String head() {
        return "| | records/s | of the perf test | with transactions | bytes a record | CPU s/million | with start-up | broker"
                + " CPU s/million | walsender CPU s/million |\n|---|---|---|---|---|---|---|---|---|\n";
    }

    /** @param plain records/s of the perf test; with transactions: of that with them */
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
