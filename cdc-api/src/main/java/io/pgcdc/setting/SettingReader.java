package io.pgcdc.setting;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads the values that the user gave, and checks them. */
public final class SettingReader {

    /** Reads a value that its type alone cannot read: another source completes the text, or it can have several problems. */
    public interface Completion<T> {
        /** Returns the value. If it is wrong, adds the problems and returns null. */
        @Nullable
        T read(Given given, Problems problems);
    }

    private final Problems problems;
    private final Map<SettingType<?>, Completion<?>> completions;

    /** @param completions by type, for the types that need one */
    public SettingReader(Problems problems, Map<SettingType<?>, Completion<?>> completions) {
        this.problems = problems;
        this.completions = Map.copyOf(completions);
    }

    /** Creates a reader without completions. */
    public SettingReader(Problems problems) {
        this(problems, Map.of());
    }

    /**
     * Reads one section. Adds every problem to the list. A setting with a problem has no value in the answer.
     *
     * @param section the name in messages: {@code source}, {@code sink "out"}; empty for the top level
     * @param missing called for each required setting that was not given
     */
    public SettingValues read(
            String section, List<Setting<?>> settings, Map<String, Given> given, Consumer<Setting<?>> missing) {
        Map<String, Setting<?>> known = new LinkedHashMap<>();
        settings.forEach(s -> known.put(s.key(), s));
        given.forEach((key, value) -> {
            if (!known.containsKey(key)) {
                unknown(section, key, value.key(), known);
            }
        });
        Map<String, Object> values = new LinkedHashMap<>();
        for (Setting<?> setting : settings) {
            Given value = given.get(setting.key());
            if (value != null) {
                Object read = readOne(setting, value);
                if (read != null) {
                    values.put(setting.key(), read);
                }
            } else if (setting.required()) {
                missing.accept(setting);
            }
        }
        return new SettingValues(values);
    }

    private void unknown(String section, String key, Place origin, Map<String, Setting<?>> known) {
        String under = section.isEmpty() ? "" : " under " + section;
        String what = origin.kind() == Place.Kind.FLAG
                ? section + " has no setting \"" + key + "\"; "
                : "unknown key " + quote(key) + under + "; ";
        String advice =
                known.isEmpty() ? "remove it, there is nothing to configure" : NearMatch.advice(key, known.keySet());
        problems.add(ErrorCode.CONFIG_UNKNOWN_KEY, origin, what + advice);
    }

    private @Nullable Object readOne(Setting<?> setting, Given given) {
        String misshapen = misshapen(setting.type(), given);
        if (misshapen != null) {
            problems.add(ErrorCode.CONFIG_BAD_VALUE, given.origin(), given.label() + misshapen);
            return null;
        }
        if (setting.type().shape() == SettingType.Shape.SECTIONS) {
            return sections(setting.type().settings(), given);
        }
        Completion<?> completion = completions.get(setting.type());
        if (completion != null) {
            return completion.read(given, problems);
        }
        List<String> texts = setting.type().many() && given.shape() == SettingType.Shape.ONE
                ? SettingType.split(given.texts().get(0))
                : given.texts();
        try {
            return setting.read(texts);
        } catch (IllegalArgumentException e) {
            problems.add(
                    ErrorCode.CONFIG_BAD_VALUE,
                    given.origin(),
                    given.label() + shown(setting, given, texts) + "; write " + e.getMessage());
            return null;
        }
    }

    /** Returns the values of each element, or null if one has a problem. */
    private @Nullable List<SettingValues> sections(List<Setting<?>> settings, Given given) {
        int before = problems.size();
        if (given.sections().isEmpty()) {
            problems.add(ErrorCode.CONFIG_BAD_VALUE, given.origin(), given.label() + " is empty; write at least one");
        }
        List<SettingValues> elements = new ArrayList<>();
        for (Map<String, Given> section : given.sections()) {
            String label = given.label() + "[" + elements.size() + "]";
            elements.add(read(
                    label,
                    settings,
                    section,
                    missing -> problems.add(
                            ErrorCode.CONFIG_MISSING,
                            given.origin(),
                            label + "." + missing.key() + " is missing; write one")));
        }
        return problems.size() > before ? null : List.copyOf(elements);
    }

    /** Returns what is wrong with the value's form, or null if it is right. */
    private static @Nullable String misshapen(SettingType<?> type, Given given) {
        if (given.shape() == type.shape() || (type.many() && given.shape() == SettingType.Shape.ONE)) {
            return null;
        }
        String is = switch (given.shape()) {
            case ONE -> " is a value";
            case LIST ->
                type.shape() != SettingType.Shape.SECTIONS
                        ? " is a list"
                        : given.texts().isEmpty() ? " is empty" : " is a list of texts";
            case MAPPING -> " is a mapping";
            case SECTIONS -> " is a list of mappings";
        };
        return is + "; write "
                + switch (type.shape()) {
                    case ONE -> given.shape() == SettingType.Shape.MAPPING ? "a value" : "one " + type.name();
                    case LIST -> given.shape() == SettingType.Shape.MAPPING ? "a value" : "a " + type.name();
                    case MAPPING -> "{name: value}";
                    case SECTIONS ->
                        "a list, each element with keys of its own: - {"
                                + type.settings().get(0).key() + ": …}";
                };
    }

    private static String shown(Setting<?> setting, Given given, List<String> texts) {
        if (setting.secret() || given.hidden() || setting.type().shape() == SettingType.Shape.MAPPING) {
            return " does not fit";
        }
        if (setting.type().many()) {
            return texts.isEmpty() ? " is empty" : " is " + quote(String.join(", ", texts));
        }
        String text = texts.get(0);
        return text.matches("-?[0-9]{1,20}") ? " is " + text : " is " + quote(text);
    }

    /** Returns a user's text in quotes, on one line: shortened, and without characters that a terminal acts on. */
    public static String quote(String text) {
        return '"' + Printable.start(text) + '"';
    }
}
