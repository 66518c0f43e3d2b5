package io.pgcdc.cli;

import io.pgcdc.cli.log.LogOutput;
import io.pgcdc.cli.log.LogSettings;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.Printable;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Reports in one line what is wrong with a command line. Never repeats an argument that is no flag: it may be a URL with a
 * password.
 */
final class UsageReport implements IParameterExceptionHandler {

    /** The longest message of the parser, in characters: it may repeat an argument. */
    private static final int LONGEST = 1_000;

    private static final String NO_DEMO =
            " this installation of cdc has no demo; command line. Run ./cdc demo in pgcdc's source tree.";

    @Override
    public int handleParseException(ParameterException error, String[] arguments) {
        PrintWriter err = error.getCommandLine().getErr();
        String command = error.getCommandLine().getCommandSpec().qualifiedName();
        String said = isForDemo(error)
                ? ErrorCode.CONFIG_UNKNOWN_KEY + NO_DEMO
                : describe(error) + " See " + command + " --help.";
        boolean verbose = List.of(arguments).contains(LogSettings.VERBOSE);
        if (LogOutput.isJson()) {
            err.println(LogOutput.errorLine(said, verbose ? error : null));
        } else {
            err.println(Printable.lines(said));
            if (verbose) {
                error.printStackTrace(err);
            }
        }
        err.flush();
        return ErrorReport.USAGE;
    }

    /** Returns whether it is for the demo. Only for the root command: if the demo exists, it takes its arguments itself. */
    private static boolean isForDemo(ParameterException error) {
        return error instanceof UnmatchedArgumentException e
                && e.getCommandLine().getParent() == null
                && e.getUnmatched().get(0).equals("demo");
    }

    private static String describe(ParameterException error) {
        if (error instanceof UnmatchedArgumentException e) {
            return ErrorCode.CONFIG_UNKNOWN_KEY + " " + unmatched(e);
        }
        ErrorCode code =
                error instanceof MissingParameterException ? ErrorCode.CONFIG_MISSING : ErrorCode.CONFIG_BAD_VALUE;
        String said = String.valueOf(error.getMessage());
        String value = error.getValue();
        if (value != null && !value.isEmpty()) {
            boolean secret = value.contains("://") || value.contains("=");
            said = said.replace(value, secret ? "****" : Printable.start(value));
        }
        said = Printable.start(said, LONGEST);
        return code + " " + said + (said.endsWith(".") ? "" : ".");
    }

    private static String unmatched(UnmatchedArgumentException error) {
        String first = error.getUnmatched().get(0);
        boolean command = !error.getCommandLine().getSubcommands().isEmpty() && first.matches("[a-z][a-z0-9-]{0,30}");
        if (!command && !first.startsWith("-")) {
            return "an argument without a flag before it; command line. Write, for example, --source URL.";
        }
        String name = Printable.start(first.replaceFirst("(?s)=.*", ""));
        String near = error.getSuggestions().stream().limit(3).collect(Collectors.joining(" or "));
        return "unknown " + (command ? "command " : "flag ") + name + "; command line."
                + (near.isEmpty() ? "" : " Did you mean " + near + "?");
    }
}
