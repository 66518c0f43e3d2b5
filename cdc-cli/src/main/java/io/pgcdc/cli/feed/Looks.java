package io.pgcdc.cli.feed;

import io.pgcdc.cli.http.BadRequestException;
import io.pgcdc.cli.http.HttpRequest;
import io.pgcdc.model.TablePattern;
import io.pgcdc.setting.SettingReader;
import io.pgcdc.setting.SettingType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds what a request names: a pipeline, a sink of it, tables. Any thread. */
final class Looks {

    private final List<ServedPipeline> pipelines;

    Looks(List<ServedPipeline> pipelines) {
        this.pipelines = List.copyOf(pipelines);
    }

    /** A sink or feed, and its pipeline. */
    record Look(ServedPipeline pipeline, String sink) {}

    /** @throws BadRequestException the request has another parameter */
    static void requireOnly(HttpRequest request, Set<String> known) {
        Set<String> unknown = new TreeSet<>(request.query().keySet());
        unknown.removeAll(known);
        if (!unknown.isEmpty()) {
            throw new BadRequestException("unknown parameter "
                    + SettingReader.quote(unknown.iterator().next()) + "; there are "
                    + String.join(", ", new TreeSet<>(known)));
        }
    }

    /**
     * Returns what {@code sink} and {@code pipeline} name. Both may be left out if there is no choice.
     *
     * @param choice the names to choose from, of a pipeline
     * @param what the kind of names, for messages
     * @return null: there is none of that name
     * @throws BadRequestException there are several
     */
    @Nullable
    Look find(HttpRequest request, Function<ServedPipeline, List<String>> choice, String what) {
        String pipeline = request.query().get("pipeline");
        String sink = request.query().get("sink");
        List<Look> found = new ArrayList<>();
        for (ServedPipeline one : pipelines) {
            if (pipeline == null || pipeline.equals(one.name())) {
                choice.apply(one).stream()
                        .filter(name -> sink == null || sink.equals(name))
                        .forEach(name -> found.add(new Look(one, name)));
            }
        }
        if (found.size() > 1) {
            throw new BadRequestException("there are several " + what + "; name one with sink= and pipeline=: "
                    + found.stream().map(Looks::describe).collect(Collectors.joining(", ")));
        }
        return found.isEmpty() ? null : found.get(0);
    }

    /** Returns the names to choose from, for messages. */
    String names(Function<ServedPipeline, List<String>> choice) {
        String names = pipelines.stream()
                .flatMap(one -> choice.apply(one).stream().map(name -> describe(new Look(one, name))))
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "none" : names;
    }

    private static String describe(Look look) {
        return "sink=" + look.sink() + "&pipeline=" + look.pipeline().name();
    }

    /** @throws BadRequestException a table is none */
    static List<TablePattern> tables(HttpRequest request) {
        String tables = request.query().get("tables");
        if (tables == null || tables.isEmpty()) {
            return List.of();
        }
        try {
            return SettingType.split(tables).stream().map(TablePattern::parse).toList();
        } catch (IllegalArgumentException e) {
            throw new BadRequestException("tables is " + SettingReader.quote(tables) + "; write " + e.getMessage());
        }
    }
}
