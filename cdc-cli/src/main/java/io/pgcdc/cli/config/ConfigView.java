package io.pgcdc.cli.config;

import io.pgcdc.cli.text.YamlText;
import io.pgcdc.delivery.SinkConfig;
import io.pgcdc.feed.FeedConfig;
import io.pgcdc.setting.KeyValues;
import io.pgcdc.setting.Section;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingType;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.source.SourceSettings;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Prints the effective configuration as YAML, each line with the place of its value; secrets are masked. */
public final class ConfigView {

    private static final String ELEMENT = "  - ";

    private final StringBuilder out = new StringBuilder();

    private ConfigView() {}

    /**
     * Returns the text. Values of references ({@code ${env:..}}) count as secrets. The URL includes parts from the environment and
     * defaults.
     */
    public static String render(LoadedProcess config) {
        ConfigView view = new ConfigView();
        if (config.server() != null) {
            view.out.append("http:\n");
            view.section("  ", config.http(), Set.of());
        }
        if (config.listed()) {
            view.out.append("pipelines:\n");
            config.pipelines().forEach(one -> view.element(pipeline(one)));
        } else {
            view.out.append(pipeline(config.one()));
        }
        return view.out.toString();
    }

    private void element(String pipeline) {
        String lines = pipeline.indent(ELEMENT.length());
        out.append(ELEMENT).append(lines.substring(ELEMENT.length()));
    }

    private static String pipeline(LoadedConfig config) {
        ConfigView view = new ConfigView();
        view.section("", config.top(), Set.of());
        view.out.append("source:\n");
        view.line(
                "  ",
                SourceSettings.URL.key(),
                YamlText.quoted(config.pipeline().source().address().uri()),
                config.source().place(SourceSettings.URL).toString());
        view.section("  ", config.source(), Set.of(SourceSettings.URL.key()));
        view.out.append("queue:\n");
        view.section("  ", config.queue(), Set.of());
        view.out.append("snapshot:\n");
        view.section("  ", config.snapshot(), Set.of());
        view.out.append("sinks:\n");
        List<SinkConfig> sinks = config.pipeline().sinks();
        IntStream.range(0, sinks.size())
                .forEach(i -> view.sink(
                        sinks.get(i).name(), sinks.get(i).type(), config.sinks().get(i)));
        List<FeedConfig> feeds = config.pipeline().feeds();
        IntStream.range(0, feeds.size())
                .forEach(i -> view.sink(
                        feeds.get(i).name(), FeedConfig.TYPE, config.feeds().get(i)));
        return view.out.toString();
    }

    private void sink(String name, String type, Section section) {
        out.append("  - name: ").append(YamlText.of(name)).append('\n');
        out.append("    type: ").append(YamlText.of(type)).append('\n');
        section("    ", section, Set.of());
    }

    private void section(String indent, Section section, Set<String> except) {
        for (Setting<?> setting : section.settings()) {
            Object value = section.values().find(setting);
            if (value instanceof List<?> elements
                    && setting.type().shape() == SettingType.Shape.SECTIONS
                    && !section.hidden(setting)) {
                out.append(indent).append(setting.key()).append(":  # ");
                out.append(section.place(setting)).append('\n');
                elements.forEach(element -> element(
                        indent + "  ", (SettingValues) element, setting.type().settings()));
            } else if (value != null && !except.contains(setting.key())) {
                String shown = section.hidden(setting)
                        ? YamlText.quoted(KeyValues.MASK)
                        : yaml(value, setting.type().many());
                line(indent, setting.key(), shown, section.place(setting).toString());
            }
        }
    }

    /** Writes an element with the settings that are given for it. */
    private void element(String indent, SettingValues values, List<Setting<?>> settings) {
        String before = indent + "- ";
        for (Setting<?> setting : settings) {
            Object value = values.isGiven(setting) ? values.find(setting) : null;
            if (value != null) {
                out.append(before).append(setting.key()).append(": ");
                out.append(yaml(value, setting.type().many())).append('\n');
                before = indent + "  ";
            }
        }
    }

    private void line(String indent, String key, String value, String origin) {
        out.append(indent).append(key).append(": ").append(value);
        out.append("  # ").append(origin).append('\n');
    }

    private static String yaml(Object value, boolean list) {
        if (value instanceof SettingType.ShownPairs pairs) {
            return YamlText.mapping(pairs.shown());
        }
        if (list) {
            return YamlText.list(SettingType.print(value));
        }
        String text = SettingType.print(value).get(0);
        return value instanceof Long || value instanceof Boolean ? text : YamlText.of(text);
    }
}
