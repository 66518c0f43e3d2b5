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
     * Makes a sink. Checks what it can without touching data; does not block for long.
     *
     * @param name the sink's name in the configuration
     */
    Sink create(String name, SettingValues settings);
}
