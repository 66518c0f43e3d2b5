package io.pgcdc.setting;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the text of a setting as a value.
 *
 * @param name for the reference: "integer", "list of text", …
 * @param limits for the reference and for messages: "1 to 3600000", "one of sinks, queue", or ""
 * @param shape one text, or several
 * @param reader takes one text, or any number for a list; throws IllegalArgumentException with a message that completes "write …"
 * @param settings the settings of each element, for shape SECTIONS; else empty
 */
public record SettingType<T>(
        String name, String limits, Shape shape, Function<List<String>, T> reader, List<Setting<?>> settings) {

    /** Linux takes no longer one. */
    private static final int LONGEST_PATH = 4_096;

    private static final String ONE_OF = "one of ";
    private static final Pattern RANGE = Pattern.compile("(-?\\d+) to (-?\\d+)(?:, a multiple of (\\d+))?");

    /** The form of a value. */
    public enum Shape {
        /** One text. */
        ONE,
        /** A list of texts, or one text with commas. */
        LIST,
        /** Names with values; read as texts {@code name=value}. */
        MAPPING,
        /** A list whose elements have settings of their own. {@link SettingReader} reads it, not the type's reader. */
        SECTIONS
    }

    /** A value whose {@code toString} is not what is printed. */
    public interface Shown {
        /** Returns a text that reads as this value, with secrets masked. */
        String shown();
    }

    /** Creates a type whose values are texts. */
    public SettingType(String name, String limits, Shape shape, Function<List<String>, T> reader) {
        this(name, limits, shape, reader, List.of());
    }

    /** The value of a mapping. */
    public interface ShownPairs {
        /** Returns names and values, in their order, with secrets masked. */
        Map<String, String> shown();
    }

    /** Returns a type whose value is one text. */
    public static <T> SettingType<T> one(String name, String limits, Function<String, T> reader) {
        return new SettingType<>(name, limits, Shape.ONE, texts -> reader.apply(texts.get(0)));
    }

    /** Returns the type of any text that is not empty. */
    public static SettingType<String> text() {
        return one("text", "", text -> {
            if (text.isEmpty()) {
                throw new IllegalArgumentException("a text that is not empty");
            }
            return text;
        });
    }

    /** @param limits describes the pattern in words */
    public static SettingType<String> text(Pattern pattern, String limits) {
        return one("text", limits, text -> {
            if (!pattern.matcher(text).matches()) {
                throw new IllegalArgumentException(limits);
            }
            return text;
        });
    }

    public static SettingType<Path> path() {
        return one("path", "", text -> {
            try {
                if (!text.isBlank() && text.length() <= LONGEST_PATH) {
                    return Path.of(text);
                }
            } catch (InvalidPathException e) {
                throw new IllegalArgumentException("a path with characters of this system's locale", e);
            }
            throw new IllegalArgumentException("a path of 1 to " + LONGEST_PATH + " characters");
        });
    }

    public static SettingType<Boolean> bool() {
        return one("boolean", "true or false", text -> switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("true or false");
        });
    }

    public static SettingType<Long> number(long min, long max) {
        return number(min, max, 1);
    }

    /** @param step the value must be a multiple of it */
    public static SettingType<Long> number(long min, long max, long step) {
        String limits = min + " to " + max + (step == 1 ? "" : ", a multiple of " + step);
        return one("integer", limits, text -> {
            long value;
            try {
                value = Long.parseLong(text);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("a whole number, " + limits, e);
            }
            if (value < min || value > max || value % step != 0) {
                throw new IllegalArgumentException(limits);
            }
            return value;
        });
    }

    public static <E extends Enum<E>> SettingType<E> choice(Class<E> type) {
        return choice(Arrays.asList(type.getEnumConstants()));
    }

    /** @param values the choices, in the order in which they are listed */
    public static <E extends Enum<E>> SettingType<E> choice(Collection<E> values) {
        List<E> choices = List.copyOf(values);
        List<String> names =
                choices.stream().map(c -> c.name().toLowerCase(Locale.ROOT)).toList();
        String limits = ONE_OF + String.join(", ", names);
        return one("choice", limits, text -> {
            int at = names.indexOf(text);
            if (at < 0) {
                throw new IllegalArgumentException(limits);
            }
            return choices.get(at);
        });
    }

    /** Returns the type of names with values that are not checked here. */
    public static SettingType<KeyValues> keyValues() {
        return new SettingType<>("mapping", "", Shape.MAPPING, KeyValues::parse);
    }

    /**
     * Returns the type of a list whose elements have settings of their own.
     *
     * @param settings the settings of each element
     */
    public static SettingType<List<SettingValues>> sections(List<Setting<?>> settings) {
        return new SettingType<>(
                "list of mappings",
                "",
                Shape.SECTIONS,
                texts -> {
                    throw new IllegalArgumentException("a list of mappings");
                },
                List.copyOf(settings));
    }

    /** The limits of an integer. Both ends belong to it, and a value is a multiple of the step. */
    public record Range(long least, long greatest, long step) {}

    /** Returns the choices, or those of a list's elements, in order; empty if there are none. */
    public List<String> choices() {
        return limits.startsWith(ONE_OF)
                ? List.of(limits.substring(ONE_OF.length()).split(", ", -1))
                : List.of();
    }

    /** Returns the limits of an integer; empty for other types. */
    public Optional<Range> range() {
        Matcher matcher = RANGE.matcher(limits);
        if (!name.equals("integer") || !matcher.matches()) {
            return Optional.empty();
        }
        String step = matcher.group(3);
        return Optional.of(new Range(
                Long.parseLong(matcher.group(1)),
                Long.parseLong(matcher.group(2)),
                step == null ? 1 : Long.parseLong(step)));
    }

    /** Returns whether the type takes several texts. */
    public boolean many() {
        return shape == Shape.LIST;
    }

    /** Returns a list of texts that are not empty. */
    public static SettingType<List<String>> list() {
        return list(text());
    }

    /** Returns a list of another type: at least one element (but see {@link Setting#read}), none twice. A single text is split at commas outside double quotes. */
    public static <T> SettingType<List<T>> list(SettingType<T> element) {
        return new SettingType<>("list of " + element.name(), element.limits(), Shape.LIST, texts -> {
            List<T> values = new ArrayList<>();
            for (String text : texts) {
                T value = element.read(List.of(text));
                if (values.contains(value)) {
                    throw new IllegalArgumentException("each element once; " + printOne(value) + " is given twice");
                }
                values.add(value);
            }
            if (values.isEmpty()) {
                throw new IllegalArgumentException("at least one");
            }
            return List.copyOf(values);
        });
    }

    /** @throws IllegalArgumentException with a message that completes "write …" */
    public T read(List<String> texts) {
        return reader.apply(texts);
    }

    /** Returns the texts that read as this value. A list or mapping has several; secret values of a mapping are masked. */
    public static List<String> print(Object value) {
        if (value instanceof ShownPairs pairs) {
            return pairs.shown().entrySet().stream()
                    .map(e -> e.getKey() + "=" + e.getValue())
                    .toList();
        }
        return value instanceof Collection<?> many
                ? many.stream().map(SettingType::printOne).toList()
                : List.of(printOne(value));
    }

    private static String printOne(Object value) {
        if (value instanceof Shown own) {
            return own.shown();
        }
        return value instanceof Enum<?> choice ? choice.name().toLowerCase(Locale.ROOT) : String.valueOf(value);
    }

    /** Splits a text at commas outside double quotes. Keeps empty elements. */
    public static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            quoted ^= c == '"';
            if (c == ',' && !quoted) {
                parts.add(text.substring(start, i).strip());
                start = i + 1;
            }
        }
        parts.add(text.substring(start).strip());
        return parts;
    }
}
