package io.pgcdc.cli.config;

import java.nio.file.Path;
import java.util.Map;

/**
 * The process's environment, as far as it affects a configuration.
 *
 * @param directory the start of relative paths
 */
public record Environment(Map<String, String> variables, String osUser, Path home, Path directory) {

    public Environment {
        variables = Map.copyOf(variables);
    }

    /** Returns the environment of this process. */
    public static Environment ofProcess() {
        return new Environment(
                System.getenv(),
                System.getProperty("user.name", ""),
                Path.of(System.getProperty("user.home", "")),
                Path.of("").toAbsolutePath());
    }
}
