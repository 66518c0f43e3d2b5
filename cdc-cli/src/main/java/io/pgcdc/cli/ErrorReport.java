package io.pgcdc.cli;

import io.pgcdc.cli.log.LogOutput;
import io.pgcdc.error.CdcException;
import io.pgcdc.error.ConfigException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.Printable;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Prints an error on stderr, with a stack trace only if requested, and chooses the exit code. */
final class ErrorReport implements IExecutionExceptionHandler {

    /** The exit code after a signal, in order. */
    static final int STOPPED = 0;

    static final int FAILED = 1;
    static final int USAGE = 2;

    /** A shell's exit code for a program that SIGPIPE ended. */
    static final int READER_GONE = 141;

    @Override
    public int handleExecutionException(Exception error, CommandLine commandLine, ParseResult parsed) {
        return report(error, commandLine.getErr(), parsed.expandedArgs().contains("--verbose"));
    }

    /** Returns the error with its cause: the error alone does not tell, for example, why a class could not be loaded. */
    private static String withCause(Throwable error) {
        Throwable cause = error;
        for (Throwable at = error.getCause(); at != null; at = at.getCause()) {
            cause = at;
        }
        return cause == error ? error.toString() : error + ", caused by " + cause;
    }

    /** Prints the error and returns its exit code. */
    static int report(Throwable error, PrintWriter err, boolean verbose) {
        int exitCode = exitCode(error);
        if (exitCode == STOPPED || exitCode == READER_GONE) {
            return exitCode;
        }
        if (LogOutput.isJson()) {
            err.println(LogOutput.errorLine(describe(error), verbose ? error : null));
        } else {
            err.println(Printable.lines(describe(error)));
            if (verbose) {
                error.printStackTrace(err);
            }
        }
        err.flush();
        return exitCode;
    }

    /** Returns the exit code of an error. */
    static int exitCode(Throwable error) {
        if (StopSignal.explains(error)) {
            return STOPPED;
        }
        if (error instanceof CdcException e && e.code() == ErrorCode.SINK_CLOSED) {
            return READER_GONE;
        }
        return error instanceof ConfigException ? USAGE : FAILED;
    }

    static String describe(Throwable error) {
        if (error instanceof CdcException e) {
            return e.describe();
        }
        if (error instanceof OutOfMemoryError) {
            return ErrorCode.INTERNAL + " the JVM ran out of memory: " + error.getMessage()
                    + ". Give it more, with CDC_JAVA_OPTS=-Xmx512m. No change is lost.";
        }
        return ErrorCode.INTERNAL + " defect in pgcdc: " + withCause(error)
                + ". Please report this with the output of --verbose.";
    }
}
