package io.pgcdc.sink;

import io.pgcdc.model.TablePattern;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingValues;
import java.util.List;
import java.util.function.BiConsumer;

/** Creates sinks of one type. Found through {@link java.util.ServiceLoader}. */
public interface SinkProvider {

    /** Returns the type, as written under {@code type:} and after {@code --sink}. */
    String type();

    /** Returns the settings of this type, in addition to name and type. */
    List<Setting<?>> settings();

    /**
     * Checks values against each other. Each has passed its own setting's check; values with a problem are absent.
     *
     * @param problems takes a setting and what is wrong with it, as a text that completes "SETTING …; write …"
     */
    default void check(SettingValues values, BiConsumer<Setting<?>, String> problems) {}

    /**
     * Returns the source tables whose changes a sink with these values takes, of those that reach it. Empty: all. They count if the user
     * gives the sink no {@code tables}: a snapshot then reads no others for it.
     */
    default List<TablePattern> tables(SettingValues values) {
        return List.of();
    }

    /**
     * Creates a sink. The thread that starts the program calls it once for each configured sink, before the queue is opened and the
     * source connected. The sink's thread calls it again if a sink that failed permanently is retried; that sink is closed then. Checks what it can without touching data. Must not block for long or write files.
     *
     * @param settings values of {@link #settings} that are given or have a default; they have passed {@link #check}
     * @throws io.pgcdc.error.CdcException if the settings cannot work; the program then does not start
     */
    Sink create(SinkContext context, SettingValues settings);
}
