package io.pgcdc.cli.log;

import java.io.PrintStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** Where the log goes. Any thread; lines do not mix. */
public final class LogOutput {

    private static final LogSettings QUIET = new LogSettings(LogFormat.TEXT, LogLevel.WARN, LogLevel.ERROR, false);

    private static final LogOutput PROCESS = new LogOutput(System.err, QUIET);

    private final PrintStream to;
    private final Repeats repeats = new Repeats();
    private volatile LogSettings settings;
    private Runnable beforeLine = () -> {};

    LogOutput(PrintStream to, LogSettings settings) {
        this.to = to;
        this.settings = settings;
    }

    /** Sets up the process's log. Call it before the first logger is made. */
    public static void start(LogSettings settings) {
        PROCESS.settings = settings;
        // names the provider, so that SLF4J searches no jar for one
        System.setProperty("slf4j.provider", LogProvider.class.getName());
        // otherwise it tells that on standard error
        System.setProperty("slf4j.internal.verbosity", "WARN");
        JulLog.use();
    }

    static LogOutput process() {
        return PROCESS;
    }

    /** Returns true if lines are JSON. Then nothing else may be written to standard error. */
    public static boolean isJson() {
        return PROCESS.settings.format() == LogFormat.JSON;
    }

    /** Sets what is done before each line, such as clearing a bar on the terminal. */
    public static void beforeEachLine(Runnable action) {
        synchronized (PROCESS) {
            PROCESS.beforeLine = action;
        }
    }

    /** Returns the JSON line of an error that ends the command. */
    public static String errorLine(String message, @Nullable Throwable trace) {
        return LogLine.json(LogEvent.now(Level.ERROR, "command", null, message, trace), trace != null);
    }

    LogSettings settings() {
        return settings;
    }

    synchronized void write(LogEvent event) {
        LogEvent shown = repeats.pass(event);
        if (shown != null) {
            LogSettings now = settings;
            beforeLine.run();
            to.println(
                    now.format() == LogFormat.JSON
                            ? LogLine.json(shown, now.traces())
                            : LogLine.text(shown, now.traces()));
        }
    }
}
