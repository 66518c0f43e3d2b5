package io.pgcdc.pipeline;

import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingType;
import java.util.List;

/** What can be configured at the top of the file. */
public final class PipelineSettings {

    public static final Setting<Long> MAX_ROW_BYTES = Setting.of(
            "max_row_bytes",
            SettingType.number(1_024, 1_073_741_823),
            33_554_432L,
            "Largest single row, as the server sends it, that is accepted; a larger one is an error that names table and size."
                    + " A row is held in memory whole, and several times over on its way: the JVM needs a heap of about eight times as much."
                    + " The launcher gives it 256 MB.");

    public static final List<Setting<?>> ALL = List.of(MAX_ROW_BYTES);

    private PipelineSettings() {}
}
