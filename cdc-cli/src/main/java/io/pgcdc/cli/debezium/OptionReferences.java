package io.pgcdc.cli.debezium;

import io.pgcdc.setting.KeyValues;
import io.pgcdc.setting.SettingType;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes references to variables of what the file does not show, or must not: other tools' references, and secrets. */
final class OptionReferences {

    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^}]*)}");
    private static final Pattern VARIABLE = Pattern.compile("(?:env:)?([A-Za-z_][A-Za-z0-9_]*)(?::(.*))?");

    /** Options whose placeholders are no references. */
    private static final List<String> TEMPLATES = List.of("transforms.", "predicates.");

    private final Notes notes;

    OptionReferences(Notes notes) {
        this.notes = notes;
    }

    /** Returns true if only a reference to the value may be printed. */
    static boolean isSecret(String name) {
        Map<String, String> shown =
                SettingType.keyValues().read(List.of(name + "=x")).shown();
        return KeyValues.MASK.equals(shown.get(name));
    }

    /** Returns the option with references that a file of ours can have. */
    Option of(Option option) {
        if (TEMPLATES.stream().anyMatch(option.name()::startsWith)) {
            return option;
        }
        Matcher found = REFERENCE.matcher(option.text());
        if (isSecret(option.name())) {
            boolean whole = found.matches() && VARIABLE.matcher(found.group(1)).matches();
            return option.with(whole ? reference(option, found.group(1)) : variable(ofName(option)));
        }
        return option.with(found.replaceAll(m -> Matcher.quoteReplacement(reference(option, m.group(1)))));
    }

    private String reference(Option option, String inner) {
        Matcher variable = VARIABLE.matcher(inner);
        boolean provider = inner.startsWith("file:") || inner.startsWith("secrets:") || inner.startsWith("dir:");
        if (!provider && variable.matches()) {
            if (variable.group(2) != null) {
                notes.lacking(
                        option.written(),
                        "its default \"" + variable.group(2) + "\" for a variable that is not set; set "
                                + variable.group(1));
            }
            return variable(variable.group(1));
        }
        String name = ofName(option);
        notes.lacking(option.written(), "the reference ${" + inner + "}; set " + name + " to that value");
        return variable(name);
    }

    private String variable(String name) {
        notes.variable(name);
        return "${env:" + name + "}";
    }

    private static String ofName(Option option) {
        String name = option.name().startsWith(WorkerSettings.PRODUCER)
                ? "kafka." + option.name().substring(WorkerSettings.PRODUCER.length())
                : option.name();
        return name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]+", "_");
    }
}
