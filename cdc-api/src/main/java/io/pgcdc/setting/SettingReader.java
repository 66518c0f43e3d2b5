package io.pgcdc.setting;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.Printable;
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

    /** Returns what is wrong with the value's form, or null if it is right. */
    private static @Nullable String misshapen(SettingType<?> type, Given given) {
        return switch (given.shape()) {
            case ONE -> type.shape() == SettingType.Shape.MAPPING ? " is a value; write {name: value}" : null;
            case LIST ->
                switch (type.shape()) {
                    case ONE -> " is a list; write one " + type.name();
                    case LIST -> null;
                    case MAPPING -> " is a list; write {name: value}";
                };
            case MAPPING -> type.shape() == SettingType.Shape.MAPPING ? null : " is a mapping; write a value";
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
