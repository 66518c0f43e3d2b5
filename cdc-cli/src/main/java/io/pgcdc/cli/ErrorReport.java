package io.pgcdc.cli;

import io.pgcdc.error.CdcException;
import io.pgcdc.error.ConfigException;
import io.pgcdc.error.ErrorCode;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Says what went wrong on stderr, without a stack trace unless one was asked for, and chooses the exit code. */
final class ErrorReport implements IExecutionExceptionHandler {

    /** By a signal, in order. */
    static final int STOPPED = 0;

    static final int FAILED = 1;
    static final int USAGE = 2;

    /** What a shell reports of a program that SIGPIPE ended. */
    static final int READER_GONE = 141;

    @Override
    public int handleExecutionException(Exception error, CommandLine commandLine, ParseResult parsed) {
        return report(error, commandLine.getErr(), parsed.expandedArgs().contains("--verbose"));
    }

    /** What a class failed to be loaded for, say, is not in the error itself. */
    private static String withCause(Throwable error) {
        Throwable cause = error;
        for (Throwable at = error.getCause(); at != null; at = at.getCause()) {
            cause = at;
        }
        return cause == error ? error.toString() : error + ", caused by " + cause;
    }

    /** Prints the error and returns the exit code that goes with it. */
    static int report(Throwable error, PrintWriter err, boolean verbose) {
        if (StopSignal.explains(error)) {
            return STOPPED;
        }
        if (error instanceof CdcException e && e.code() == ErrorCode.SINK_CLOSED) {
            return READER_GONE;
        }
        if (error instanceof CdcException e) {
            err.println(e.describe());
        } else if (error instanceof OutOfMemoryError) {
            err.println(ErrorCode.INTERNAL + " the JVM ran out of memory: " + error.getMessage()
                    + ". Give it more, with CDC_JAVA_OPTS=-Xmx512m; nothing is lost.");
        } else {
            err.println(ErrorCode.INTERNAL + " defect in pgcdc: " + withCause(error)
                    + ". Please report this with the output of --verbose.");
        }
        if (verbose) {
            error.printStackTrace(err);
        }
        err.flush();
        return error instanceof ConfigException ? USAGE : FAILED;
    }
}
