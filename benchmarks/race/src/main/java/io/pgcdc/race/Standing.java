package io.pgcdc.race;

import io.pgcdc.race.ProcessMeter.Usage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** One contestant's readings of one workload; all figures are medians. */
final class Standing {

    private final Workload workload;
    private final String contestant;
    private final int changes;
    private final List<Usage> full = new ArrayList<>();
    private final List<Usage> empty = new ArrayList<>();

    Standing(Workload workload, String contestant, int changes) {
        this.workload = workload;
        this.contestant = contestant;
        this.changes = changes;
    }

    void add(Usage fullLap, Usage emptyLap) {
        full.add(fullLap);
        empty.add(emptyLap);
    }

    Workload workload() {
        return workload;
    }

    String contestant() {
        return contestant;
    }

    /** Start and end left out. */
    double changesPerSecond() {
        return changes / (median(full, Usage::wallSeconds) - median(empty, Usage::wallSeconds));
    }

    /** CPU seconds a million changes, start and end left out. */
    double cpuPerMillion() {
        return perMillion(median(full, Usage::cpuSeconds) - median(empty, Usage::cpuSeconds));
    }

    /** CPU seconds a million changes, of the whole process. */
    double wholeCpuPerMillion() {
        return perMillion(median(full, Usage::cpuSeconds));
    }

    double walsenderPerMillion() {
        return perMillion(median(full, Usage::walsenderSeconds));
    }

    double wallSeconds() {
        return median(full, Usage::wallSeconds);
    }

    double startSeconds() {
        return median(empty, Usage::wallSeconds);
    }

    double anonMegabytes() {
        return max(Usage::anonBytes) / (1 << 20);
    }

    double peakMegabytes() {
        return max(Usage::peakBytes) / (1 << 20);
    }

    private double perMillion(double seconds) {
        return seconds * 1_000_000 / changes;
    }

    private double max(ToDoubleFunction<Usage> figure) {
        return full.stream().mapToDouble(figure).max().orElse(0);
    }

    private static double median(List<Usage> laps, ToDoubleFunction<Usage> figure) {
        double[] sorted = laps.stream().mapToDouble(figure).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1
                ? sorted[middle]
                : Arrays.stream(sorted, middle - 1, middle + 1).average().orElse(0);
    }
}
