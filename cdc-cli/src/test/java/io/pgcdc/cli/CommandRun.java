package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine;

/**
 * A command that ran to its end in this JVM: a process of its own would cost a second of CPU time. What sinks write to standard output is
 * not caught.
 */
record CommandRun(int exitCode, String stdout, String stderr) {

    /** Bounds a command that should end and does not. */
    private static final Duration LONGEST = Duration.ofMinutes(2);

    static CommandRun of(List<String> arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] given = arguments.toArray(String[]::new);
        CommandLine commandLine =
                Main.commandLine(given).setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int exitCode = assertTimeoutPreemptively(
                LONGEST, () -> Main.execute(commandLine, given), () -> "still running; " + err);
        return new CommandRun(exitCode, out.toString(), err.toString());
    }
}
