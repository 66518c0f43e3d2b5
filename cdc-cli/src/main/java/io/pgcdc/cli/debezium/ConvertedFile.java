package io.pgcdc.cli.debezium;

import io.pgcdc.cli.text.Wrapped;
import io.pgcdc.error.Printable;
import java.util.List;
import java.util.Map;

/** Writes the settings as a file, each with the options that it comes from, and what is said about the others as comments. */
final class ConvertedFile {

    private static final int COLUMNS = 80;

    private final StringBuilder out = new StringBuilder();

    /** @param name of the file that was read */
    String of(String name, ConvertedSettings settings, Map<String, Map<String, Line>> sinks, Notes notes) {
        comment(
                "",
                "Made of " + name
                        + " by cdc config from-debezium. The options that a setting comes from stand after it.");
        comment("", "The password of the source is not in this file: set PGPASSWORD, or write it into ~/.pgpass.");
        if (!notes.variables().isEmpty()) {
            comment("", "Set these variables, too: " + String.join(", ", notes.variables()) + ".");
        }
        settings.top().forEach((key, line) -> line("", key, line));
        section("source", settings.source());
        out.append("queue:\n");
        line("  ", "dir", Line.text("./queue", "no option; a directory on a disk that survives a restart"));
        if (!settings.snapshot().isEmpty()) {
            section("snapshot", settings.snapshot());
        }
        out.append("sinks:\n");
        sinks.forEach((sink, lines) -> {
            out.append("  - name: ").append(sink).append("\n    type: kafka\n");
            lines.forEach((key, line) -> line("    ", key, line));
        });
        notes("These options need no setting:", notes.unneeded());
        notes("These options are not taken over:", notes.lacking());
        return out.toString();
    }

    private void section(String name, Map<String, Line> lines) {
        out.append(name).append(":\n");
        lines.forEach((key, line) -> line("  ", key, line));
    }

    private void line(String indent, String key, Line line) {
        String text = indent + key + ": " + line.yaml();
        if (line.from().isEmpty()) {
            out.append(text).append('\n');
            return;
        }
        if (text.length() + line.from().length() + 4 > COLUMNS) {
            comment(indent, line.from());
            out.append(text).append('\n');
        } else {
            out.append(text).append("  # ").append(line.from()).append('\n');
        }
    }

    private void notes(String title, Map<String, String> notes) {
        if (notes.isEmpty()) {
            return;
        }
        out.append("\n# ").append(title).append('\n');
        notes.forEach((option, text) -> comment("", "- " + option + ": " + text));
    }

    private void comment(String indent, String text) {
        List<String> lines = Wrapped.text("", printable(text), COLUMNS - indent.length() - 2);
        for (int i = 0; i < lines.size(); i++) {
            boolean hanging = i > 0 && text.startsWith("- ");
            out.append(indent)
                    .append("# ")
                    .append(hanging ? "  " : "")
                    .append(lines.get(i))
                    .append('\n');
        }
    }

    private static String printable(String text) {
        return Printable.line(text);
    }
}
