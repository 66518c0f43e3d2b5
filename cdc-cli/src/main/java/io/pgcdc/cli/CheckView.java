package io.pgcdc.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgcdc.cli.text.Wrapped;
import io.pgcdc.error.Finding;
import io.pgcdc.error.Finding.Severity;
import io.pgcdc.error.Printable;
import io.pgcdc.error.Remedy;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Shows findings: as text for a terminal, and as JSON for programs. */
final class CheckView {

    private static final String INDENT = " ".repeat(9);
    private static final String STATEMENT = " ".repeat(11);

    private CheckView() {}

    /**
     * The findings of a pipeline.
     *
     * @param source its server, for the heading
     */
    record Checked(String pipeline, String source, List<Finding> findings) {

        boolean ok() {
            return count(Severity.FATAL) == 0;
        }

        long count(Severity severity) {
            return findings.stream()
                    .filter(finding -> finding.severity() == severity)
                    .count();
        }
    }

    /** Returns lines of at most so many columns; SQL and commands are not broken. */
    static List<String> lines(List<Checked> checked, int columns) {
        List<String> lines = new ArrayList<>();
        for (Checked one : checked) {
            if (!lines.isEmpty()) {
                lines.add("");
            }
            lines.addAll(Wrapped.text("", one.pipeline() + ": " + one.source(), columns));
            one.findings().forEach(finding -> add(finding, one.source(), lines, columns));
            lines.add("");
            lines.addAll(Wrapped.text("", summary(one), columns));
        }
        return lines.stream().map(Printable::line).toList();
    }

    private static String summary(Checked one) {
        long warnings = one.count(Severity.WARNING);
        String warned = warnings == 0 ? "" : warnings == 1 ? ", with 1 warning" : ", with " + warnings + " warnings";
        long fatal = one.count(Severity.FATAL);
        return fatal == 0 ? "ready to run" + warned : "not ready: " + fatal + " fatal" + warned;
    }

    private static void add(Finding finding, String source, List<String> lines, int columns) {
        lines.add("");
        String head = String.format("%-9s", finding.severity().toString().toLowerCase(Locale.ROOT));
        String where = finding.place().isEmpty() || finding.place().equals(source) ? "" : "; " + finding.place();
        lines.addAll(Wrapped.text(head, finding.code() + " " + finding.happened() + where, columns));
        Remedy remedy = finding.remedy();
        if (!remedy.words().isBlank()) {
            boolean sentence = remedy.words().endsWith(".") || remedy.lines().isEmpty();
            lines.addAll(Wrapped.text(INDENT, remedy.words() + (sentence ? "" : ":"), columns));
        }
        remedy.lines().forEach(line -> lines.add(STATEMENT + line));
        if (remedy.restart()) {
            lines.add(INDENT + "Then restart the server.");
        }
    }

    /** Returns one object: ok, and the findings of all pipelines. */
    static String json(List<Checked> checked, ObjectMapper mapper) throws JsonProcessingException {
        ObjectNode all = mapper.createObjectNode();
        all.put("ok", checked.stream().allMatch(Checked::ok));
        ArrayNode findings = all.putArray("findings");
        for (Checked one : checked) {
            one.findings().forEach(finding -> add(one, finding, findings.addObject()));
        }
        return mapper.writeValueAsString(all);
    }

    private static void add(Checked one, Finding finding, ObjectNode object) {
        object.put("pipeline", one.pipeline());
        object.put("severity", finding.severity().toString().toLowerCase(Locale.ROOT));
        object.put("code", finding.code().toString());
        object.put("where", finding.place());
        object.put("what", finding.happened());
        Remedy remedy = finding.remedy();
        ObjectNode shown = object.putObject("remedy");
        shown.put("words", remedy.words());
        shown.put("kind", remedy.kind().toString().toLowerCase(Locale.ROOT));
        remedy.lines().forEach(shown.putArray("lines")::add);
        shown.put("restart", remedy.restart());
    }
}
