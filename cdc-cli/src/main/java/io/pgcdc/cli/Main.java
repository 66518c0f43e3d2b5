package io.pgcdc.cli;

import java.util.List;
import java.util.ServiceLoader;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The command {@code cdc}. */
@Command(
        name = "cdc",
        description = "Change data capture for PostgreSQL.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RunCommand.class,
            SteerCommand.Pause.class,
            SteerCommand.Resume.class,
            SteerCommand.Retry.class,
            ReplayCommand.class,
            SnapshotCommand.class,
            DeadLettersCommand.class,
            SinkCommand.class,
            SlotCommand.class,
            ConfigCommand.class
        },
        footer = {
            "",
            "Exit codes: 0 done or stopped by a signal; 1 failed, with a CDC-nnn error;",
            "2 wrong usage or configuration; 141 the reader of standard output is gone."
        })
public final class Main {

    private static final String HELP = "help";
    private static final List<String> VERSION = List.of("-V", "--version");

    private Main() {}

    public static void main(String[] arguments) {
        // set before the first logger is created; stdout carries only data
        System.setProperty("org.slf4j.simpleLogger.logFile", "System.err");
        setDefault("org.slf4j.simpleLogger.defaultLogLevel", verbose(arguments) ? "debug" : "error");
        setDefault("org.slf4j.simpleLogger.log.io.pgcdc", verbose(arguments) ? "debug" : "warn");
        setDefault("org.slf4j.simpleLogger.log.org.apache.kafka", verbose(arguments) ? "info" : "off");
        setDefault("org.slf4j.simpleLogger.log.net.openhft", verbose(arguments) ? "info" : "off");
        setDefault("org.slf4j.simpleLogger.showShortLogName", "true");
        StopSignal.watch();
        StopSignal.exit(execute(arguments));
    }

    private static void setDefault(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    private static boolean verbose(String[] arguments) {
        return List.of(arguments).contains("--verbose");
    }

    /** Runs one command line on the standard streams, and returns its exit code. */
    static int execute(String... arguments) {
        return execute(commandLine(arguments), arguments);
    }

    /**
     * Returns the command, with the added subcommand that the arguments ask for. It writes to the standard streams by default.
     */
    static CommandLine commandLine(String... arguments) {
        CommandLine commandLine = new CommandLine(new Main());
        if (asksForAdded(commandLine, arguments)) {
            ServiceLoader.load(AddedCommand.class).forEach(added -> commandLine.addSubcommand(added.make()));
        }
        commandLine.addSubcommand(new CommandLine.HelpCommand());
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setUsageHelpAutoWidth(true);
        commandLine.setExecutionExceptionHandler(new ErrorReport());
        commandLine.setParameterExceptionHandler(new UsageReport());
        return commandLine;
    }

    /** Returns whether to search for added commands. Searching all jars takes time, which other starts must not pay. */
    private static boolean asksForAdded(CommandLine own, String... arguments) {
        String first = arguments.length == 0 ? HELP : arguments[0];
        return first.equals(HELP) || !(own.getSubcommands().containsKey(first) || VERSION.contains(first));
    }

    /** Runs one command line and returns its exit code. */
    static int execute(CommandLine commandLine, String... arguments) {
        try {
            return commandLine.execute(arguments.length == 0 ? new String[] {"--help"} : arguments);
        } catch (Error e) {
            // picocli passes exceptions to its handler, but not errors
            return ErrorReport.report(e, commandLine.getErr(), verbose(arguments));
        }
    }

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"cdc " + (version == null ? "(unpackaged)" : version)};
        }
    }
}
