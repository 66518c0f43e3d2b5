package io.pgcdc.cli.config;

import io.pgcdc.pipeline.PipelineSettings;
import io.pgcdc.setting.Given;
import io.pgcdc.setting.Place;
import io.pgcdc.source.SourceSettings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What the user gave for one pipeline, by section and key, before any check. Shared by file and flags. For one thread. */
final class Draft {

    /** What the user gave in one place, and the start of that place. */
    static final class GivenSection {
        final Map<String, Given> given = new LinkedHashMap<>();

        /** Keys whose values could not be read and are already problems: they must not also be reported as missing. */
        final Set<String> broken = new HashSet<>();

        Place at;

        GivenSection(Place at) {
            this.at = at;
        }
    }

    final GivenSection top;
    final GivenSection source;
    final GivenSection queue;
    final GivenSection snapshot;
    final List<GivenSection> sinks = new ArrayList<>();

    /** Texts as written, of values in which references were replaced. By identity: two values may be equal. */
    final IdentityHashMap<Given, List<String>> written;

    /**
     * @param at the place for messages about a missing section; {@link Place#DEFAULT} if there is no file
     * @param written the process's
     */
    Draft(Place at, IdentityHashMap<Given, List<String>> written) {
        this.written = written;
        top = new GivenSection(at);
        source = new GivenSection(at);
        queue = new GivenSection(at);
        snapshot = new GivenSection(at);
    }

    /** Returns whether values could not be read, so that no configuration can be made. */
    boolean isBroken() {
        return Stream.concat(Stream.of(top, source, queue, snapshot), sinks.stream())
                .anyMatch(section -> !section.broken.isEmpty());
    }

    /** Returns the pipeline's name, if it can be told before the check. */
    Optional<String> name() {
        return Stream.of(top.given.get(PipelineSettings.NAME.key()), source.given.get(SourceSettings.SLOT.key()))
                .filter(Objects::nonNull)
                .flatMap(given -> given.texts().stream())
                .findFirst();
    }

    boolean fromFile() {
        return top.at.kind() == Place.Kind.FILE;
    }
}
