package io.pgcdc.race;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The figures as a picture: bars of speed and of CPU time, a group a workload. SVG, readable on light and on dark pages. */
final class Chart {

    private static final int WIDTH = 860;
    private static final int LABEL_WIDTH = 150;
    private static final int PANEL_WIDTH = 340;
    private static final int BAR = 15;
    private static final int GAP = 14;
    private static final int TOP = 64;
    /** From the end of the longest bar to the panel's, for its figure. */
    private static final int FIGURE_WIDTH = 70;

    private static final List<String> COLOURS =
            List.of("#1f77b4", "#8c8c8c", "#b8b8b8", "#d98880", "#76a5af", "#b7a57a");

    private final StringBuilder svg = new StringBuilder();

    private Chart() {}

    static String of(Report report) {
        return new Chart().draw(report);
    }

    private String draw(Report report) {
        Map<Workload, List<Standing>> groups = new LinkedHashMap<>();
        report.standings()
                .forEach(s -> groups.computeIfAbsent(s.workload(), w -> new java.util.ArrayList<>())
                        .add(s));
        List<String> names =
                report.standings().stream().map(Standing::contestant).distinct().toList();
        int height = TOP
                + groups.values().stream()
                        .mapToInt(g -> g.size() * BAR + 20 + GAP)
                        .sum()
                + 30;
        svg.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\""
                        + " font-family=\"sans-serif\" font-size=\"12\">%n<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>%n",
                WIDTH,
                height,
                WIDTH,
                height));
        int second = LABEL_WIDTH + PANEL_WIDTH + 20;
        text(LABEL_WIDTH, 24, "#111", "thousand changes a second (longer is better)", "font-weight=\"bold\"");
        text(second, 24, "#111", "CPU seconds a million changes (shorter is better)", "font-weight=\"bold\"");
        text(LABEL_WIDTH, 42, "#555", "start-up left out", "");
        text(second, 42, "#555", "of the reader, start-up and warm-up included", "");
        double fastest = max(report.standings(), Standing::changesPerSecond);
        double dearest = max(report.standings(), Standing::wholeCpuPerMillion);
        int y = TOP;
        for (Map.Entry<Workload, List<Standing>> group : groups.entrySet()) {
            text(
                    8,
                    y + 12,
                    "#111",
                    group.getKey().label() + ": " + group.getKey().description(),
                    "font-weight=\"bold\"");
            y += 20;
            for (Standing standing : group.getValue()) {
                String colour = COLOURS.get(names.indexOf(standing.contestant()) % COLOURS.size());
                text(8, y + 11, "#333", standing.contestant(), "");
                bar(LABEL_WIDTH, y, standing.changesPerSecond(), fastest, colour, "%.0f", 1000);
                bar(second, y, standing.wholeCpuPerMillion(), dearest, colour, "%.1f", 1);
                y += BAR;
            }
            y += GAP;
        }
        String conditions = report.conditions();
        text(8, y + 10, "#555", conditions.substring(0, conditions.indexOf(". ") + 1), "font-size=\"10\"");
        return svg.append("</svg>\n").toString();
    }

    private void bar(int x, int y, double value, double longest, String colour, String format, double unit) {
        double width = Math.max(1, (PANEL_WIDTH - FIGURE_WIDTH) * value / longest);
        svg.append(String.format(
                Locale.ROOT,
                "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>%n",
                x,
                y,
                width,
                BAR - 3,
                colour));
        text(x + (int) width + 5, y + 11, "#333", String.format(Locale.ROOT, format, value / unit), "");
    }

    private void text(int x, int y, String colour, String text, String attributes) {
        String escaped = text.replace("&", "&amp;").replace("<", "&lt;");
        svg.append(String.format(
                Locale.ROOT, "<text x=\"%d\" y=\"%d\" fill=\"%s\" %s>%s</text>%n", x, y, colour, attributes, escaped));
    }

    private static double max(List<Standing> standings, ToDoubleFunction<Standing> figure) {
        return standings.stream().mapToDouble(figure).max().orElse(1);
    }
}
