package io.pgcdc.cli.config;

import io.pgcdc.cli.text.Wrapped;
import io.pgcdc.error.ConfigException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.setting.NearMatch;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingReader;
import io.pgcdc.sink.SinkProvider;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

/** The reference of settings as text for a terminal. */
public final class ConfigText {

    private static final String INDENT = "    ";
    private static final Pattern LINK = Pattern.compile("\\[([^\\]]*)]\\(([^)]*)\\)");

    private final StringBuilder out = new StringBuilder();
    private final int columns;

    private ConfigText(int columns) {
        this.columns = columns;
    }

    /** @param columns of the longest line */
    public static String all(Collection<SinkProvider> providers, int columns) {
        ConfigText text = new ConfigText(columns);
        for (ReferenceSection section : ReferenceSection.of(providers)) {
            text.title(section);
            section.settings().forEach(setting -> text.setting(section, setting));
        }
        return text.out.toString();
    }

    /**
     * Returns what is known of one name.
     *
     * @param name a setting with its section ({@code queue.dir}) or without ({@code dir}), or a section
     * @throws ConfigException CONFIG_UNKNOWN_KEY
     */
    public static String one(String name, Collection<SinkProvider> providers, int columns) {
        ConfigText text = new ConfigText(columns);
        List<String> known = new ArrayList<>();
        for (ReferenceSection section : ReferenceSection.of(providers)) {
            boolean whole = section.name().equals(name);
            if (whole) {
                text.title(section);
            }
            known.add(section.name());
            for (Setting<?> setting : section.settings()) {
                known.add(section.path(setting));
                known.add(setting.key());
                if (whole || section.path(setting).equals(name) || setting.key().equals(name)) {
                    text.setting(section, setting);
                }
            }
        }
        if (text.out.isEmpty()) {
            String near = NearMatch.of(name, known);
            throw new ConfigException(
                    ErrorCode.CONFIG_UNKNOWN_KEY,
                    "there is no setting " + SettingReader.quote(name) + "; command line. "
                            + (near == null ? "cdc config reference lists all." : "Did you mean " + near + "?"));
        }
        return text.out.toString();
    }

    private void title(ReferenceSection section) {
        out.append(out.isEmpty() ? "" : "\n");
        lines("", plain(section.title()));
        out.append('\n');
    }

    private void setting(ReferenceSection section, Setting<?> setting) {
        out.append("  ").append(section.path(setting)).append('\n');
        String limits = setting.type().limits();
        String fallback = ConfigReference.fallback(setting).replace("`", "");
        lines(
                INDENT,
                setting.type().name() + (limits.isEmpty() ? "" : ", " + limits) + "; "
                        + (setting.defaultValue() == null ? fallback : "default " + fallback));
        lines(INDENT, plain(setting.doc()));
    }

    private void lines(String indent, String text) {
        Wrapped.text("", text, columns - indent.length())
                .forEach(line -> out.append(indent).append(line).append('\n'));
    }

    /** Returns Markdown as plain text: links become names of files. */
    static String plain(String markdown) {
        return LINK.matcher(markdown).replaceAll("$1 (docs/$2)").replace("`", "");
    }
}
