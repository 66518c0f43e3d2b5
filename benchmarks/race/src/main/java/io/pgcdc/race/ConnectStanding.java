package io.pgcdc.race;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** The measurements of one connector: one for each round. */
final class ConnectStanding {

    private static final double MILLION = 1e6;
    private static final String HEAD =
            "| | records/s | lowest to highest | ratio to ready | ratio to ready beside | ratio to Debezium | bytes a record"
                    + " | records a Kafka transaction | worker CPU s/million | of it compiler | broker CPU s/million"
                    + " | walsender CPU s/million |\n";
    private static final int COLUMNS = 12;

    private final ConnectContestant contestant;
    private final List<Double> aSecond = new ArrayList<>();
    private final List<Double> bytes = new ArrayList<>();
    private final List<Double> ofTransaction = new ArrayList<>();
    private final List<Double> worker = new ArrayList<>();
    private final List<Double> compiler = new ArrayList<>();
    private final List<Double> broker = new ArrayList<>();
    private final List<Double> walsender = new ArrayList<>();

    ConnectStanding(ConnectContestant contestant) {
        this.contestant = contestant;
    }

    /**
     * One run.
     *
     * @param found the records in the topics after it
     * @param workerSeconds CPU seconds of the worker from the first record's coming to the last one's
     * @param compilerSeconds those that the worker's JVM spent on compiling
     * @param brokerSeconds CPU seconds of the broker in the same time
     * @param walsenderSeconds CPU seconds of the walsender, from its start; 0 if there was none
     */
    record Run(
            KafkaTopics.Found found,
            double workerSeconds,
            double compilerSeconds,
            double brokerSeconds,
            double walsenderSeconds) {}

    ConnectContestant contestant() {
        return contestant;
    }

    void add(Run run) {
        double millions = run.found().records() / MILLION;
        aSecond.add(run.found().aSecond());
        bytes.add((double) run.found().bytes() / run.found().records());
        long transactions = run.found().transactions();
        ofTransaction.add(transactions == 0 ? 0 : (double) run.found().records() / transactions);
        worker.add(run.workerSeconds() / millions);
        compiler.add(run.compilerSeconds() / millions);
        broker.add(run.brokerSeconds() / millions);
        walsender.add(run.walsenderSeconds() / millions);
    }

    /** Returns the table in Markdown. */
    static String table(List<ConnectStanding> all) {
        StringBuilder table =
                new StringBuilder(HEAD).append("|---".repeat(COLUMNS)).append("|\n");
        for (ConnectStanding standing : all) {
            table.append(standing.line(all));
        }
        return table.toString();
    }

    private String line(List<ConnectStanding> all) {
        return String.format(
                Locale.ROOT,
                "| %s | %,.0f | %,.0f to %,.0f | %s | %s | %s | %.0f | %.0f | %.2f | %.2f | %.2f | %.2f |%n",
                contestant.label(),
                median(aSecond),
                Collections.min(aSecond),
                Collections.max(aSecond),
                ratio(all, other -> other.isReady() && !other.isBeside() && other.form() == contestant.form()),
                ratio(all, other -> other.isReady() && other.isBeside() && other.form() == contestant.form()),
                ratio(all, ConnectDebezium.class::isInstance),
                median(bytes),
                median(ofTransaction),
                median(worker),
                median(compiler),
                median(broker),
                median(walsender));
    }

    /** Returns the ratio to the first that the rule holds for; nothing if none took part. */
    private String ratio(List<ConnectStanding> all, Predicate<ConnectContestant> rule) {
        return all.stream()
                .filter(other -> rule.test(other.contestant))
                .findFirst()
                .map(other -> String.format(Locale.ROOT, "%.2f", median(aSecond) / median(other.aSecond)))
                .orElse("");
    }

    private static double median(List<Double> values) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }
}
