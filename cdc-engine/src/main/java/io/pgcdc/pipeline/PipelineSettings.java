package io.pgcdc.pipeline;

import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingType;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.source.SourceSettings;
import java.util.List;
import java.util.regex.Pattern;

/** The settings at the top level of the file. */
public final class PipelineSettings {

    public static final Setting<String> NAME = Setting.optional(
            "name",
            SettingType.text(
                    Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}"), "1 to 63 of a-z, 0-9, _, -, a letter or digit first"),
            "Name of the pipeline in its threads and log lines. If it is missing, the slot's name.");

    public static final Setting<Long> MAX_ROW_BYTES = Setting.of(
            "max_row_bytes",
            SettingType.number(1_024, 1_073_741_823),
            33_554_432L,
            "Largest row that pgcdc accepts, as the server sends it. A larger row is an error that names its table and size."
                    + " Memory holds the whole row several times: the JVM needs a heap of about eight times this size."
                    + " The launcher gives it 256 MB.");

    public static final List<Setting<?>> ALL = List.of(NAME, MAX_ROW_BYTES);

    private PipelineSettings() {}

    /** Returns the pipeline's name: the given one, or the slot's. */
    public static String name(SettingValues top, SettingValues source) {
        String given = top.find(NAME);
        return given == null ? source.get(SourceSettings.SLOT) : given;
    }
}
