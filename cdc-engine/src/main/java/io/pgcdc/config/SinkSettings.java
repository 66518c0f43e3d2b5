package io.pgcdc.config;

import java.util.List;
import java.util.regex.Pattern;

/** What every element of {@code sinks:} has, beside the settings of its type. */
public final class SinkSettings {

    public static final Setting<String> NAME = Setting.required(
            "name",
            SettingType.text(
                    Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}"), "1 to 63 of a-z, 0-9, _, -, a letter or digit first"),
            "Name of the sink in logs and checkpoints; unique. A sink that is renamed is a new one.");

    public static final Setting<String> TYPE =
            Setting.required("type", SettingType.text(), "Type of the sink; the tables below list them.");

    public static final List<Setting<?>> ALL = List.of(NAME, TYPE);

    private SinkSettings() {}
}
