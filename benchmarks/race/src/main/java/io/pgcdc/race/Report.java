package io.pgcdc.race;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The figures as a page of Markdown. */
final class Report {

    private final String conditions;
    private final List<Standing> standings;
    private final List<Beats.Result> beats;

    /** @param conditions machine, versions, date, rounds */
    Report(String conditions, List<Standing> standings, List<Beats.Result> beats) {
        this.conditions = conditions;
        this.standings = List.copyOf(standings);
        this.beats = List.copyOf(beats);
    }

    /** What a figure means nothing without. */
    static String conditions(String server, List<Contestant> contestants, int rounds) throws IOException {
        StringBuilder text = new StringBuilder()
                .append(LocalDate.now(ZoneOffset.UTC))
                .append("; ")
                .append(Runtime.getRuntime().availableProcessors())
                .append(" cores, ")
                .append(processor())
                .append("; ")
                .append(System.getProperty("os.name"))
                .append(", JDK ")
                .append(Runtime.version().feature())
                .append("; ")
                .append(server)
                .append("; medians of ")
                .append(rounds)
                .append(". ");
        for (Contestant contestant : contestants) {
            if (!contestant.version().startsWith(contestant.label())) {
                text.append(contestant.label()).append(": ");
            }
            text.append(contestant.version()).append("; ");
        }
        return text.substring(0, text.length() - 2);
    }

    private static String processor() throws IOException {
        Path file = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(file)) {
            return System.getProperty("os.arch");
        }
        try (var lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 2))
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        }
    }

    String conditions() {
        return conditions;
    }

    List<Standing> standings() {
        return standings;
    }

    List<Beats.Result> beats() {
        return beats;
    }

    String markdown() {
        StringBuilder page = new StringBuilder(conditions).append("\n\n");
        Workload last = null;
        for (Standing standing : standings) {
            if (standing.workload() != last) {
                last = standing.workload();
                page.append(String.format(
                        Locale.ROOT,
                        "%n| %s: %s | k changes/s | ratio | CPU s/million | with start-up | walsender CPU s/million | start-up s | RssAnon MB | VmHWM MB |%n|---|---|---|---|---|---|---|---|---|%n",
                        last.label(),
                        last.description()));
            }
            page.append(line(standing));
        }
        if (!beats.isEmpty()) {
            page.append(String.format(
                    Locale.ROOT,
                    "%n| %d small transactions/s: commit to reader | p50 ms | p99 ms | longest ms | CPU, %% of a core | CPU s in an idle minute |%n|---|---|---|---|---|---|%n",
                    Beats.PER_SECOND));
            for (Beats.Result beat : beats) {
                page.append(String.format(
                        Locale.ROOT,
                        "| %s | %.2f | %.2f | %.1f | %.1f | %.2f |%n",
                        beat.contestant(),
                        beat.p50Ms(),
                        beat.p99Ms(),
                        beat.maxMs(),
                        beat.cpuPercent(),
                        beat.idleMinuteSeconds()));
            }
        }
        return page.toString();
    }

    private String line(Standing standing) {
        String ratio = reference(standing.workload())
                .map(r -> String.format(Locale.ROOT, "%.2f", standing.changesPerSecond() / r.changesPerSecond()))
                .orElse("-");
        // not watched: on another machine, or behind a forwarded port
        String walsender = standing.walsenderPerMillion() > 0
                ? String.format(Locale.ROOT, "%.2f", standing.walsenderPerMillion())
                : "-";
        return String.format(
                Locale.ROOT,
                "| %s | %.0f | %s | %.2f | %.2f | %s | %.2f | %.0f | %.0f |%n",
                standing.contestant(),
                standing.changesPerSecond() / 1000,
                ratio,
                standing.cpuPerMillion(),
                standing.wholeCpuPerMillion(),
                walsender,
                standing.startSeconds(),
                standing.anonMegabytes(),
                standing.peakMegabytes());
    }

    /** The one that the others' speed is a multiple of: PostgreSQL's own reader where it runs. */
    private Optional<Standing> reference(Workload workload) {
        return standings.stream()
                .filter(s -> s.workload() == workload && s.contestant().startsWith("pg_recvlogical"))
                .findFirst();
    }
}
