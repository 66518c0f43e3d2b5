package io.pgcdc.cli.config;

import io.pgcdc.setting.Given;
import io.pgcdc.setting.Place;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was given, by section and key, before any check: the common ground of file and flags. One thread. */
final class Draft {

    /** What was given in one place, and where that place begins. */
    static final class GivenSection {
        final Map<String, Given> given = new LinkedHashMap<>();
        Place at;

        GivenSection(Place at) {
            this.at = at;
        }
    }

    final GivenSection top;
    final GivenSection source;
    final GivenSection queue;
    final List<GivenSection> sinks = new ArrayList<>();

    /** Values that could not be taken at all and are already among the problems: they must not be called missing as well. */
    final Map<GivenSection, List<String>> broken = new LinkedHashMap<>();

    /** @param at where messages about a missing section point; {@link Place#DEFAULT} when there is no file */
    Draft(Place at) {
        top = new GivenSection(at);
        source = new GivenSection(at);
        queue = new GivenSection(at);
    }

    boolean fromFile() {
        return top.at.kind() == Place.Kind.FILE;
    }

    void addBroken(GivenSection section, String key) {
        broken.computeIfAbsent(section, s -> new ArrayList<>()).add(key);
    }

    boolean isBroken(GivenSection section, String key) {
        return broken.getOrDefault(section, List.of()).contains(key);
    }
}
