package io.pgcdc.cli.debezium;

import io.pgcdc.cli.text.YamlText;
import io.pgcdc.setting.SettingType.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The value of one setting.
 *
 * @param texts one text; the elements of a list; for a mapping, names and values in turn
 * @param from the options that it comes from, as the file has them; empty if from none
 */
record Line(Shape shape, List<String> texts, String from) {

    static Line text(String text, String from) {
        return new Line(Shape.ONE, List.of(text), from);
    }

    static Line list(List<String> texts, String from) {
        return new Line(Shape.LIST, List.copyOf(texts), from);
    }

    static Line mapping(Map<String, String> pairs, String from) {
        return new Line(
                Shape.MAPPING,
                pairs.entrySet().stream()
                        .flatMap(e -> List.of(e.getKey(), e.getValue()).stream())
                        .toList(),
                from);
    }

    /** Returns the value in YAML, on one line. */
    String yaml() {
        return switch (shape) {
            case ONE -> one(texts.get(0));
            case LIST -> YamlText.list(texts);
            case MAPPING, SECTIONS -> {
                Map<String, String> pairs = new LinkedHashMap<>();
                for (int i = 0; i + 1 < texts.size(); i += 2) {
                    pairs.put(texts.get(i), texts.get(i + 1));
                }
                yield YamlText.mapping(pairs);
            }
        };
    }

    private static String one(String text) {
        return text.matches("true|false|[0-9]{1,18}") ? text : YamlText.of(text);
    }
}
