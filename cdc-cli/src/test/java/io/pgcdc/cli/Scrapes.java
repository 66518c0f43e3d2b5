package io.pgcdc.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Scrapes of a process's metrics, one after the other, as the series that Prometheus makes of them. Each scrape stands for five minutes. Prometheus
 * evaluates expressions over them: promtool's own test of rules, whose series these are.
 */
final class Scrapes {

    private static final YAMLMapper YAML = new YAMLMapper();
    private static final int INTERVAL_S = 15;
    private static final int SAMPLES = 20;

    /** From a scrape's beginning, so that a rate over a minute sees the change. */
    private static final int MOMENT_S = 30;

    /** A series' text, with labels, and its value. */
    private final List<Map<String, String>> scrapes = new ArrayList<>();

    private final ArrayNode tests = YAML.createArrayNode();

    /** Returns the values of a text by series. */
    static Map<String, String> parse(String text) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String line : text.split("\n")) {
            if (!line.isEmpty() && !line.startsWith("#")) {
                int end = line.lastIndexOf(' ');
                values.put(line.substring(0, end), line.substring(end + 1));
            }
        }
        return values;
    }

    void add(Map<String, String> scrape) {
        scrapes.add(scrape);
    }

    /** Demands a value, or none, of an expression at the last scrape. */
    void expect(String expression, Map<String, Integer> valuesByLabels) {
        ObjectNode test = tests.addObject();
        test.put("expr", expression);
        test.put("eval_time", (scrapes.size() - 1) * SAMPLES * INTERVAL_S + MOMENT_S + "s");
        ArrayNode samples = test.putArray("exp_samples");
        valuesByLabels.forEach(
                (labels, value) -> samples.addObject().put("labels", labels).put("value", value));
    }

    /** Has Prometheus check all that is expected. */
    void check(Path scratch) throws IOException, InterruptedException {
        ObjectNode all = YAML.createObjectNode();
        all.put("evaluation_interval", INTERVAL_S + "s");
        ObjectNode test = all.putArray("tests").addObject();
        test.put("interval", INTERVAL_S + "s");
        ArrayNode series = test.putArray("input_series");
        Set<String> names = new LinkedHashSet<>();
        scrapes.forEach(scrape -> names.addAll(scrape.keySet()));
        for (String name : names) {
            series.addObject().put("series", name).put("values", values(name));
        }
        test.set("promql_expr_test", tests);
        Path file = Files.writeString(scratch.resolve("scraped.yaml"), YAML.writeValueAsString(all));
        Promtool.run(file, "test", "rules", file.toString());
    }

    private String values(String name) {
        StringBuilder values = new StringBuilder();
        for (Map<String, String> scrape : scrapes) {
            String value = scrape.getOrDefault(name, "NaN");
            // a value that is not known is no sample, for no expression may rely on it; nor may one find that of the
            // scrape before
            values.append(
                    value.equals("NaN")
                            ? "stale _x" + (SAMPLES - 1) + " "
                            : new BigDecimal(value).toPlainString() + "+0x" + (SAMPLES - 1) + " ");
        }
        return values.toString();
    }
}
