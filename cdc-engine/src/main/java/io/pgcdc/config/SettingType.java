package io.pgcdc.config;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * How the text of a setting becomes a value.
 *
 * @param name for the reference: "integer", "duration in ms", …
 * @param limits for the reference and for messages: "1 to 3600000", "one of sinks, queue", or ""
 * @param reader throws IllegalArgumentException, whose message completes "must be …"
 */
public record SettingType<T>(String name, String limits, Function<String, T> reader) {

    public static SettingType<String> text() {
        return new SettingType<>("text", "", s -> s);
    }

    public static SettingType<Boolean> bool() {
        return new SettingType<>("boolean", "true or false", s -> switch (s) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("true or false");
        });
    }

    public static SettingType<Long> number(long min, long max) {
        String limits = min + " to " + max;
        return new SettingType<>("integer", limits, s -> {
            long value;
            try {
                value = Long.parseLong(s);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("a whole number, " + limits, e);
            }
            if (value < min || value > max) {
                throw new IllegalArgumentException(limits);
            }
            return value;
        });
    }

    public static <E extends Enum<E>> SettingType<E> choice(Class<E> type) {
        List<String> names = Arrays.stream(type.getEnumConstants())
                .map(c -> c.name().toLowerCase(java.util.Locale.ROOT))
                .toList();
        String limits = "one of " + String.join(", ", names);
        return new SettingType<>("choice", limits, s -> {
            int at = names.indexOf(s);
            if (at < 0) {
                throw new IllegalArgumentException(limits);
            }
            return type.getEnumConstants()[at];
        });
    }

    /** Comma-separated in a flag; a YAML sequence in a file reaches this as comma-separated text too. */
    public static SettingType<List<String>> list() {
        return new SettingType<>(
                "list",
                "",
                s -> Arrays.stream(s.split(",", -1))
                        .map(String::strip)
                        .filter(p -> !p.isEmpty())
                        .toList());
    }
}
