package io.pgcdc.setting;

import io.pgcdc.error.ErrorCode;
import java.util.List;
import java.util.Map;

/**
 * The settings of one place, with what was given and what came out. Immutable.
 *
 * @param settings those that there are
 * @param given by their keys; also what could not be read
 * @param values of those that could be read, and the defaults
 */
public record Section(List<Setting<?>> settings, Map<String, Given> given, SettingValues values) {

    public Section {
        settings = List.copyOf(settings);
        given = Map.copyOf(given);
    }

    /** Where the setting's value stands. */
    public Place place(Setting<?> setting) {
        Given value = given.get(setting.key());
        return value == null ? Place.DEFAULT : value.origin();
    }

    /** What messages call the setting. */
    public String label(Setting<?> setting) {
        Given value = given.get(setting.key());
        return value == null ? setting.key() : value.label();
    }

    /** Whether its value must not be shown. */
    public boolean hidden(Setting<?> setting) {
        Given value = given.get(setting.key());
        return setting.secret() || (value != null && value.hidden());
    }

    /** Adds a problem with the values of several settings; the first one is pointed at. */
    public void conflict(Setting<?> setting, String message, Problems problems) {
        problems.add(ErrorCode.CONFIG_CONFLICT, place(setting), message);
    }
}
