package io.pgcdc.connect.config;

import io.pgcdc.setting.Given;
import io.pgcdc.setting.Place;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingType;
import io.pgcdc.view.RouteSettings;
import java.util.List;

/**
 * One of our settings as a property of the connector.
 *
 * @param doc for people who write properties; the setting's own speaks of a file
 */
record Property(Group group, Setting<?> setting, String doc) {

    /** The first part of the properties of a named source. */
    static final String OF_SOURCES = "sources.";

    /** Returns the name: {@code source.slot}. */
    String name() {
        return group.prefix() + setting.key();
    }

    /** Returns the name for one of several sources: {@code sources.orders.slot}. */
    String name(String source) {
        return OF_SOURCES + source + "." + (group == Group.SOURCE ? setting.key() : name());
    }

    /** Returns whether one of several sources may have a value of its own. */
    boolean perSource() {
        return !setting.equals(ConnectSettings.SOURCES) && !setting.equals(RouteSettings.PUBLICATIONS);
    }

    boolean isMapping() {
        return setting.type().shape() == SettingType.Shape.MAPPING;
    }

    /**
     * Returns the value as given.
     *
     * @param label the property that the user wrote
     * @param text a list is split at commas; a mapping too, into texts {@code name=value}
     */
    Given given(String label, String text) {
        Place place = Place.property(label);
        if (isMapping()) {
            return pairs(label, SettingType.split(text));
        }
        return setting.type().many() && text.isBlank()
                ? Given.list(label, List.of(), place)
                : Given.text(label, setting.secret() ? text : text.strip(), place);
    }

    /** @param pairs each {@code name=value} */
    Given pairs(String label, List<String> pairs) {
        Place place = Place.property(label);
        return new Given(label, pairs, SettingType.Shape.MAPPING, false, place, place);
    }
}
