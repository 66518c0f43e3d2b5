package io.pgcdc.cli;

import io.pgcdc.cli.log.LogFormat;
import io.pgcdc.cli.log.LogLevel;
import io.pgcdc.cli.log.LogSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of every command, as a mixin. {@link LogSettings} reads them before picocli does, because logging must be set up first. */
public final class Verbosity {

    @Option(
            names = LogSettings.FORMAT,
            paramLabel = "FORMAT",
            description = "Form of the lines on stderr: text, or json, one object a line.")
    @Nullable
    LogFormat format;

    @Option(
            names = LogSettings.LEVEL,
            paramLabel = "LEVEL",
            description = "What to log on stderr: error, warn, info, debug, off. cdc run: info; other commands: warn.")
    @Nullable
    LogLevel level;

    @Option(
            names = LogSettings.CLIENTS,
            paramLabel = "LEVEL",
            description = "The same for the libraries of pgcdc, such as Kafka's clients. If not set: error.")
    @Nullable
    LogLevel clients;

    @Option(names = LogSettings.VERBOSE, description = "--log-level debug and --log-clients info, and stack traces.")
    boolean verbose;
}
