package io.pgcdc.cli.config;

import io.pgcdc.setting.Given;
import io.pgcdc.setting.Place;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the user gave, by section and key, before any check. Shared by file and flags. For one thread. */
final class Draft {

    /** What the user gave in one place, and the start of that place. */
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
    final GivenSection snapshot;
    final GivenSection http;
    final List<GivenSection> sinks = new ArrayList<>();

    /** Values that could not be read and are already problems: they must not also be reported as missing. */
    final Map<GivenSection, List<String>> broken = new LinkedHashMap<>();

    /** Texts as written, of values in which references were replaced. By identity: two values may be equal. */
    final IdentityHashMap<Given, String> written = new IdentityHashMap<>();

    /** @param at the place for messages about a missing section; {@link Place#DEFAULT} if there is no file */
    Draft(Place at) {
        top = new GivenSection(at);
        source = new GivenSection(at);
        queue = new GivenSection(at);
        snapshot = new GivenSection(at);
        http = new GivenSection(at);
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
