package io.pgcdc.setting;

import io.pgcdc.error.ErrorCode;
import java.util.List;
import java.util.Map;

/**
 * The settings of one section, as given and as read. Immutable.
 *
 * @param settings all settings of the section
 * @param given what the user gave, by key; includes what could not be read
 * @param values the values that could be read, and the defaults
 */
public record Section(List<Setting<?>> settings, Map<String, Given> given, SettingValues values) {

    public Section {
        settings = List.copyOf(settings);
        given = Map.copyOf(given);
    }

    /** Returns the place of the setting's value. */
    public Place place(Setting<?> setting) {
        Given value = given.get(setting.key());
        return value == null ? Place.DEFAULT : value.origin();
    }

    /** Returns the setting's name in messages. */
    public String label(Setting<?> setting) {
        Given value = given.get(setting.key());
        return value == null ? setting.key() : value.label();
    }

    /** Returns whether the value must not be shown. */
    public boolean hidden(Setting<?> setting) {
        Given value = given.get(setting.key());
        return setting.secret() || (value != null && value.hidden());
    }

    /** Adds a problem with the values of several settings. It points to the first one. */
    public void conflict(Setting<?> setting, String message, Problems problems) {
        problems.add(ErrorCode.CONFIG_CONFLICT, place(setting), message);
    }
}
