package io.pgcdc.cli.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The flags of {@code cdc run} that configure; null or empty if not given. A list has one element per repetition, which may contain
 * several texts separated by commas.
 *
 * @param sinks types
 * @param createSlot false only for an explicit {@code --create-slot=false}
 * @param pipeline the name of the only one that is meant; null: all of the file
 */
public record Flags(
        @Nullable String source,
        @Nullable String slot,
        List<String> publications,
        @Nullable String queueDir,
        List<String> sinks,
        @Nullable String format,
        @Nullable Boolean createSlot,
        @Nullable Boolean createPublication,
        List<String> tables,
        @Nullable String snapshot,
        @Nullable String http,
        @Nullable String pipeline) {

    public static final Flags NONE =
            new Flags(null, null, List.of(), null, List.of(), null, null, null, List.of(), null, null, null);

    /** Returns no flags but the pipeline's name. */
    public static Flags of(@Nullable String pipeline) {
        return new Flags(null, null, List.of(), null, List.of(), null, null, null, List.of(), null, null, pipeline);
    }

    public Flags {
        publications = List.copyOf(publications);
        sinks = List.copyOf(sinks);
        tables = List.copyOf(tables);
    }
}
