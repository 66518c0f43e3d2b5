package io.pgcdc.sink;

import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingValues;
import java.util.List;
import java.util.function.BiConsumer;

/** A family of sinks, found through {@link java.util.ServiceLoader}. */
public interface SinkProvider {

    /** As written under {@code type:} and after {@code --sink}. */
    String type();

    /** What can be configured, beside name and type. */
    List<Setting<?>> settings();

    /**
     * Looks for values that do not go together; each by itself has passed its setting's check. Those with a problem are not there.
     *
     * @param problems takes a setting and what is wrong with it, which completes "SETTING …; write …"
     */
    default void check(SettingValues values, BiConsumer<Setting<?>, String> problems) {}

    /**
     * Makes a sink. Called once for each sink that is configured, by the thread that starts the program, before there is a queue or a
     * connection to the source. Checks what it can without touching data; does not block for long and writes no files.
     *
     * @param settings those of {@link #settings} that are given, or have a default; they have passed {@link #check}
     * @throws io.pgcdc.error.CdcException when the settings cannot work; the program then does not start
     */
    Sink create(SinkContext context, SettingValues settings);
}
