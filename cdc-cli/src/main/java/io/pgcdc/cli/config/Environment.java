package io.pgcdc.cli.config;

import java.nio.file.Path;
import java.util.Map;

/**
 * What the process's surroundings bring into a configuration.
 *
 * @param directory what relative paths start from
 */
public record Environment(Map<String, String> variables, String osUser, Path home, Path directory) {

    public Environment {
        variables = Map.copyOf(variables);
    }

    /** That of this process. */
    public static Environment ofProcess() {
        return new Environment(
                System.getenv(),
                System.getProperty("user.name", ""),
                Path.of(System.getProperty("user.home", "")),
                Path.of("").toAbsolutePath());
    }
}
