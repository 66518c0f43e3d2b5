package io.pgcdc.cli.config;

import io.pgcdc.cli.http.HttpConfig;
import io.pgcdc.error.ConfigException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.setting.Section;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The checked configuration of a process.
 *
 * @param pipelines one or more; with {@code --pipeline} the named one
 * @param listed whether the file has a list of pipelines, even one with a single element
 * @param server null: nothing is served over HTTP
 * @param http the places of its values
 */
public record LoadedProcess(
        List<LoadedConfig> pipelines,
        boolean listed,
        @Nullable HttpConfig server,
        Section http) {

    public LoadedProcess {
        pipelines = List.copyOf(pipelines);
    }

    /**
     * Returns the pipeline of a command that is for one.
     *
     * @throws ConfigException CONFIG_CONFLICT: there are several, and none is named
     */
    public LoadedConfig one() {
        if (pipelines.size() == 1) {
            return pipelines.get(0);
        }
        String names = pipelines.stream().map(one -> one.pipeline().name()).collect(Collectors.joining(", "));
        throw new ConfigException(
                ErrorCode.CONFIG_CONFLICT,
                "the file has the pipelines " + names + ". Name one: " + FlagConfig.PIPELINE + " "
                        + pipelines.get(0).pipeline().name());
    }
}
