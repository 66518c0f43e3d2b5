package io.pgcdc.cli.config;

import io.pgcdc.setting.Given;
import io.pgcdc.setting.Place;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the user gave for a process: its pipelines, and what they share. For one thread. */
final class ProcessDraft {

    final Draft.GivenSection http;
    final List<Draft> pipelines = new ArrayList<>();

    /** Texts as written, of values in which references were replaced. By identity: two values may be equal. */
    final IdentityHashMap<Given, List<String>> written = new IdentityHashMap<>();

    /** Whether the file has a list of pipelines, even one with a single element. */
    boolean listed;

    /** The only pipeline that the user wants; null: all. */
    @Nullable
    Draft chosen;

    ProcessDraft(Place at) {
        http = new Draft.GivenSection(at);
    }

    /** Adds a pipeline that begins at a place. */
    Draft add(Place at) {
        Draft draft = new Draft(at, written);
        pipelines.add(draft);
        return draft;
    }

    /** Returns the pipelines of a name, which should be one. */
    List<Draft> named(String name) {
        return pipelines.stream()
                .filter(one -> one.name().filter(name::equals).isPresent())
                .toList();
    }
}
