package io.pgcdc.connect.config;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.setting.Given;
import io.pgcdc.setting.Place;
import io.pgcdc.setting.Problems;
import io.pgcdc.setting.SettingReader;
import io.pgcdc.sinks.debezium.option.DebeziumAnswer;
import io.pgcdc.sinks.debezium.option.DebeziumNames;
import io.pgcdc.sinks.debezium.option.MeantSettings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects what Debezium's properties say in ours. For one thread. */
final class OurProperties implements MeantSettings {

    private final Map<String, Given> given = new LinkedHashMap<>();
    private final Set<Property> broken = new HashSet<>();
    private final List<String> unneeded = new ArrayList<>();
    private final Problems problems;

    OurProperties(Problems problems) {
        this.problems = problems;
    }

    @Override
    public void put(String name, String from, String text) {
        given.put(name, property(name).given(from, text));
    }

    @Override
    public void put(String name, String from, List<String> elements) {
        given.put(name, Given.list(from, elements, Place.property(from)));
    }

    /** Gives a value if there is neither one nor a problem with it. */
    void putDefault(String name, String text) {
        Property property = property(name);
        if (!broken.contains(property)) {
            given.putIfAbsent(name, property.given(DebeziumNames.of(name), text));
        }
    }

    @Override
    public void broken(String name) {
        broken.add(property(name));
    }

    @Override
    public void refuse(String name, String from, String text, String advice) {
        broken.add(property(name));
        problems.add(
                ErrorCode.CONFIG_BAD_VALUE,
                Place.property(from),
                from + " is " + SettingReader.quote(text) + "; " + advice);
    }

    @Override
    public void differs(String option, String text, DebeziumAnswer.Fixed fixed) {
        problems.add(
                ErrorCode.CONFIG_BAD_VALUE,
                Place.property(option),
                option + " is " + SettingReader.quote(text) + ", and here always " + String.join(" or ", fixed.values())
                        + "; " + fixed.advice());
    }

    @Override
    public void unneeded(String option, String why) {
        unneeded.add(option + " has no effect: " + why);
    }

    @Override
    public void lacks(String option, String advice, @Nullable String near) {
        problems.add(
                ErrorCode.CONFIG_UNKNOWN_KEY,
                Place.property(option),
                option + " has no equal in this connector; "
                        + (near == null ? advice : "did you mean \"" + near + "\"?"));
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

    /** Returns Debezium's names that have no effect, each with the reason. */
    List<String> unneeded() {
        return unneeded;
    }
}
