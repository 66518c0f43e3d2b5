package io.pgcdc.cli.config;

import io.pgcdc.setting.Place;
import io.pgcdc.setting.Problems;
import io.pgcdc.sink.SinkProvider;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The way in: file, flags and environment to a checked configuration. */
public final class ConfigLoader {

    private ConfigLoader() {}

    /**
     * A flag beats the file; what the URL leaves out comes from the environment, then the password file, then libpq's defaults.
     *
     * @param file null: flags alone
     * @param providers by type
     * @throws io.pgcdc.error.ConfigException that lists every problem, each with its place
     */
    public static LoadedConfig load(
            @Nullable Path file, Flags flags, Environment environment, Map<String, SinkProvider> providers) {
        Problems problems = new Problems();
        Draft draft = file == null ? new Draft(Place.DEFAULT) : ConfigFile.read(file, environment, problems);
        FlagConfig.lay(flags, draft, problems);
        return new PipelineReader(draft, providers, environment, problems).read();
    }
}
