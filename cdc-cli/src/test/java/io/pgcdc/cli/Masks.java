package io.pgcdc.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Replaces what differs from run to run: in texts, and in the numbers of a status before it is shown. */
final class Masks {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Map<String, Object> VALUES = Map.ofEntries(
            Map.entry("at", "2026-01-02T03:04:05Z"),
            Map.entry("started_at", "2026-01-02T03:03:05Z"),
            Map.entry("pid", 4711),
            Map.entry("version", "1.2.0"),
            Map.entry("read_at", "2026-01-02T03:04:05Z"),
            Map.entry("lag_bytes", 2_400),
            Map.entry("lag_seconds", 0.2),
            Map.entry("bytes", 310_000_000),
            Map.entry("disk_free_bytes", 77_000_000_000L),
            Map.entry("retained_bytes", 101_000_000),
            Map.entry("changes_per_second", 12.5),
            Map.entry("rows_per_second", 412),
            Map.entry("bytes_done", 120_000),
            Map.entry("bytes_left", 240_000),
            Map.entry("bytes_per_second", 20_000),
            Map.entry("seconds_left_estimated", 12));

    private final Map<Pattern, String> texts = new LinkedHashMap<>();

    /** @param names what is called otherwise in each run, and what it is called here */
    Masks(Map<String, String> names) {
        names.forEach((name, here) -> texts.put(Pattern.compile(Pattern.quote(name)), here));
        text("localhost:\\d+", "db.example.com:5432");
        text("\\b[0-9A-F]{1,8}/[0-9A-F]{5,8}\\b", "0/1A2B3C8");
        text(":r\\d+\\b", ":r262");
        text("oid \\d+", "oid 16384");
        text("\\b\\d+ segments", "6 segments");
        text("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z", "2026-01-02T03:04:05Z");
        text("\\b(pid|process) \\d+", "$1 4711");
        text("\\b\\d+(\\.\\d)? (B|kB|MB|GB|TB)\\b", "310 MB");
        text("snapshot (?=[a-z]*\\d)[a-z0-9]{8}\\b", "snapshot mx1v6r6e");
        text("^(?=[a-z]*\\d)[a-z0-9]{8}(?=  )", "mx1v6r6e");
        text("\"xid\":\\d+", "\"xid\":771");
        text("system \\d+", "system 7446389164284293000");
    }

    private void text(String pattern, String replacement) {
        texts.put(Pattern.compile(pattern), replacement);
    }

    /** Returns the text with masks. A line that has changed, or is the head of a table, keeps no more than two spaces together: its columns have moved. */
    String of(String text) {
        StringBuilder masked = new StringBuilder();
        text.lines().forEach(line -> {
            String one = replaced(line);
            masked.append(
                            one.equals(line) && !line.matches("[A-Z /]+")
                                    ? one
                                    : one.replaceAll(" {2,}", "  ").stripTrailing())
                    .append('\n');
        });
        return masked.toString();
    }

    private String replaced(String text) {
        String masked = text;
        for (Map.Entry<Pattern, String> mask : texts.entrySet()) {
            masked = mask.getKey().matcher(masked).replaceAll(mask.getValue());
        }
        return masked;
    }

    /** Masks a status. Who holds the WAL, and how fast it grows, is left out. */
    void apply(JsonNode status) {
        if (status instanceof ArrayNode list) {
            for (int i = 0; i < list.size(); i++) {
                if (list.get(i).isTextual()) {
                    list.set(i, TextNode.valueOf(replaced(list.get(i).asText())));
                }
                apply(list.get(i));
            }
        } else if (status instanceof ObjectNode object) {
            object.fieldNames().forEachRemaining(field -> mask(object, field));
        }
    }

    private void mask(ObjectNode object, String field) {
        JsonNode value = object.get(field);
        Object fixed = VALUES.get(field);
        if (field.equals("holder") || field.equals("growth_bytes_per_second") || field.equals("loss_seconds")) {
            object.putNull(field);
        } else if (field.equals("id") && !value.asText().equals("initial")) {
            object.put(field, "mx1v6r6e");
        } else if (fixed != null && (field.equals("version") || !value.isNull())) {
            object.set(field, JSON.valueToTree(fixed));
        } else if (field.equals("share")) {
            object.put(field, 1.0 / 3);
        } else if (value.isTextual()) {
            object.put(field, replaced(value.asText()));
        } else {
            apply(value);
        }
    }
}
