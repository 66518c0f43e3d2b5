package io.pgcdc.connect.config;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.setting.Given;
import io.pgcdc.setting.Place;
import io.pgcdc.setting.Problems;
import io.pgcdc.setting.SettingReader;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Collects what Debezium's properties say in ours. For one thread. */
final class OurProperties {

    private final Map<String, Given> given = new LinkedHashMap<>();
    private final Set<Property> broken = new HashSet<>();
    private final Problems problems;

    OurProperties(Problems problems) {
        this.problems = problems;
    }

    /**
     * Gives one of our properties a value.
     *
     * @param from Debezium's property, for messages about the value
     */
    void put(String name, String from, String text) {
        put(name, property(name).given(from, text));
    }

    /** @param elements of a list */
    void put(String name, String from, List<String> elements) {
        put(name, Given.list(from, elements, Place.property(from)));
    }

    void put(String name, Given value) {
        given.put(name, value);
    }

    /** Gives a value if there is neither one nor a problem with it. */
    void putDefault(String name, String text) {
        Property property = property(name);
        if (!broken.contains(property)) {
            given.putIfAbsent(name, property.given(DebeziumNames.of(name), text));
        }
    }

    /**
     * Refuses a value.
     *
     * @param name our property, which has no value then
     * @param advice what to write, as a sentence's end
     */
    void refuse(String name, String from, String text, String advice) {
        broken.add(property(name));
        problems.add(
                ErrorCode.CONFIG_BAD_VALUE,
                Place.property(from),
                from + " is " + SettingReader.quote(text) + "; " + advice);
    }

    void broken(String name) {
        broken.add(property(name));
    }

    private static Property property(String name) {
        Property property = Properties.find(name);
        if (property == null) {
            throw new IllegalArgumentException(name + " is no property of the connector");
        }
        return property;
    }

    /** Returns the values, by the name of our property. */
    Map<String, Given> given() {
        return given;
    }

    /** Returns our properties that have no value because Debezium's has a problem. */
    Set<Property> broken() {
        return broken;
    }
}
