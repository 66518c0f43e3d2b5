package io.pgcdc.cli.config;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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
                home(System.getenv("HOME"), System.getProperty("user.home", "")),
                Path.of("").toAbsolutePath());
    }

    /** As libpq: the variable counts, and the account's directory only without it. */
    static Path home(@Nullable String variable, String account) {
        return Path.of(variable == null || variable.isEmpty() ? account : variable);
    }
}
