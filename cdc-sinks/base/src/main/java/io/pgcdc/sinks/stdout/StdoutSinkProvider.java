package io.pgcdc.sinks.stdout;

import io.pgcdc.json.record.NativeFormat;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingType;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sink.Sink;
import io.pgcdc.sink.SinkContext;
import io.pgcdc.sink.SinkProvider;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.util.List;

/**
 * Creates sinks that write changes to standard output, each at least once. After a crash, the lines after the last checkpoint repeat,
 * with the same positions.
 */
public final class StdoutSinkProvider implements SinkProvider {

    /** The sink's type. */
    public static final String TYPE = "stdout";

    /** The launcher sets this to "true" if standard output is a terminal. A JVM before version 22 cannot tell. */
    public static final String TERMINAL_PROPERTY = "cdc.stdout.terminal";

    /** The launcher sets this to the terminal's width in columns. */
    public static final String COLUMNS_PROPERTY = "cdc.stdout.columns";

    /** The launcher sets this to "true" if standard output was closed. Then it is /dev/null. */
    public static final String CLOSED_PROPERTY = "cdc.stdout.closed";

    private static final int DEFAULT_COLUMNS = 80;

    static final Setting<StdoutFormat> FORMAT = Setting.of(
            "format",
            SettingType.choice(StdoutFormat.class),
            StdoutFormat.AUTO,
            "json: one JSON object per line. compact: one short line per change, for people. auto: compact on a terminal, else json.");

    static final Setting<ColorChoice> COLOR = Setting.of(
            "color",
            SettingType.choice(ColorChoice.class),
            ColorChoice.AUTO,
            "Colours of the compact format. auto: on a terminal, unless NO_COLOR is set.");

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public List<Setting<?>> settings() {
        return List.of(FORMAT, COLOR);
    }

    @Override
    public Sink create(SinkContext context, SettingValues settings) {
        boolean terminal = Boolean.getBoolean(TERMINAL_PROPERTY);
        // not System.out, which would add an encoder and locks
        return new StdoutSink(
                new FileOutputStream(FileDescriptor.out).getChannel(),
                format(settings, terminal),
                Boolean.getBoolean(CLOSED_PROPERTY));
    }

    private static LineFormat format(SettingValues settings, boolean terminal) {
        StdoutFormat chosen = settings.get(FORMAT);
        boolean compact = chosen == StdoutFormat.COMPACT || (chosen == StdoutFormat.AUTO && terminal);
        if (!compact) {
            return new NativeFormat()::append;
        }
        boolean color = switch (settings.get(COLOR)) {
            case ALWAYS -> true;
            case NEVER -> false;
            case AUTO -> terminal && System.getenv("NO_COLOR") == null;
        };
        int columns = terminal ? Integer.getInteger(COLUMNS_PROPERTY, DEFAULT_COLUMNS) : Integer.MAX_VALUE;
        return new CompactFormat(color, columns);
    }
}
