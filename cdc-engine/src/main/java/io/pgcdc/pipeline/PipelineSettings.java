package io.pgcdc.pipeline;

import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingType;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.source.SourceSettings;
import java.util.List;
import java.util.regex.Pattern;

/** What can be configured at the top of the file. */
public final class PipelineSettings {

    public static final Setting<String> NAME = Setting.optional(
            "name",
            SettingType.text(
                    Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}"), "1 to 63 of a-z, 0-9, _, -, a letter or digit first"),
            "Name of the pipeline: its threads and its log lines carry it. Without it, the slot's name.");

    public static final Setting<Long> MAX_ROW_BYTES = Setting.of(
            "max_row_bytes",
            SettingType.number(1_024, 1_073_741_823),
            33_554_432L,
            "Largest single row, as the server sends it, that is accepted; a larger one is an error that names table and size."
                    + " A row is held in memory whole, and several times over on its way: the JVM needs a heap of about eight times as much."
                    + " The launcher gives it 256 MB.");

    public static final List<Setting<?>> ALL = List.of(NAME, MAX_ROW_BYTES);

    private PipelineSettings() {}

    /** The pipeline's name. */
    public static String name(SettingValues top, SettingValues source) {
        String given = top.find(NAME);
        return given == null ? source.get(SourceSettings.SLOT) : given;
    }
}
