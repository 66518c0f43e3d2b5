package io.pgcdc.cli;

import io.pgcdc.cli.log.LogLevel;
import io.pgcdc.cli.log.LogOutput;
import io.pgcdc.cli.log.LogSettings;
import io.pgcdc.setting.SettingReader;
import io.pgcdc.setting.SettingType;
import java.nio.file.Path;
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
        footer = {
            "",
            "Exit codes: 0 done or stopped by a signal; 1 failed, with a CDC-nnn error;",
            "2 wrong usage or configuration; 141 the reader of standard output is gone."
        })
public final class Main {

    private static final String HELP = "help";
    private static final List<String> VERSION = List.of("-V", "--version");

    /** In the order of the help. */
    private static final List<Class<?>> COMMANDS = List.of(
            CheckCommand.class,
            RunCommand.class,
            StatusCommand.class,
            TopCommand.class,
            SteerCommand.Pause.class,
            SteerCommand.Resume.class,
            SteerCommand.Retry.class,
            ReplayCommand.class,
            SnapshotCommand.class,
            QueueCommand.class,
            DeadLettersCommand.class,
            SinkCommand.class,
            SlotCommand.class,
            ConfigCommand.class,
            CompletionCommand.class);

    private Main() {}

    public static void main(String[] arguments) {
        List<String> given = List.of(arguments);
        LogOutput.start(LogSettings.of(given, given.indexOf(RunCommand.NAME) == 0 ? LogLevel.INFO : LogLevel.WARN));
        StopSignal.watch();
        StopSignal.exit(execute(arguments));
    }

    private static boolean verbose(String[] arguments) {
        return List.of(arguments).contains(LogSettings.VERBOSE);
    }

    /** Runs one command line on the standard streams, and returns its exit code. */
    static int execute(String... arguments) {
        return execute(commandLine(arguments), arguments);
    }

    /**
     * Returns the command with the subcommand that the arguments name; with all of them, and those of other jars, if it knows none of that name. To
     * describe all to picocli, and to search all jars, takes time that a start must not pay. The command writes to the standard streams by default.
     */
    public static CommandLine commandLine(String... arguments) {
        CommandLine commandLine = new CommandLine(new Main());
        String first = arguments.length == 0 ? HELP : arguments[0];
        List<Class<?>> named = COMMANDS.stream()
                .filter(command -> command.getAnnotation(Command.class).name().equals(first))
                .toList();
        (named.isEmpty() ? COMMANDS : named).forEach(commandLine::addSubcommand);
        if (named.isEmpty() && !VERSION.contains(first)) {
            ServiceLoader.load(AddedCommand.class).forEach(added -> commandLine.addSubcommand(added.make()));
        }
        commandLine.addSubcommand(new CommandLine.HelpCommand());
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.registerConverter(Path.class, Main::path);
        commandLine.setUsageHelpAutoWidth(true);
        commandLine.setExecutionExceptionHandler(new ErrorReport());
        commandLine.setParameterExceptionHandler(new UsageReport());
        return commandLine;
    }

    private static Path path(String text) {
        try {
            return SettingType.path().read(List.of(text));
        } catch (IllegalArgumentException e) {
            throw new CommandLine.TypeConversionException(
                    SettingReader.quote(text) + " is no path; write " + e.getMessage());
        }
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

    static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "(unpackaged)" : version;
    }

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"cdc " + version()};
        }
    }
}
