package io.pgcdc.cli.config;

import io.pgcdc.setting.Place;
import io.pgcdc.setting.Problems;
import io.pgcdc.sink.SinkProvider;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads file, flags and environment into a checked configuration. The package's entry point. */
public final class ConfigLoader {

    private ConfigLoader() {}

    /**
     * Returns the configuration. A flag overrides the file. Missing parts of the URL come from the environment, then the password
     * file, then libpq's defaults.
     *
     * @param file null if only flags are given
     * @param providers by type
     * @throws io.pgcdc.error.ConfigException with every problem and its place
     */
    public static LoadedProcess load(
            @Nullable Path file, Flags flags, Environment environment, Map<String, SinkProvider> providers) {
        Problems problems = new Problems();
        ProcessDraft draft = file == null ? fromFlags() : ConfigFile.read(file, environment, problems);
        FlagConfig.lay(flags, draft, problems);
        return new ProcessReader(draft, providers, environment, problems).read();
    }

    private static ProcessDraft fromFlags() {
        ProcessDraft draft = new ProcessDraft(Place.DEFAULT);
        draft.add(Place.DEFAULT);
        return draft;
    }
}
