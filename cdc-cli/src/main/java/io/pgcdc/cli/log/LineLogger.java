package io.pgcdc.cli.log;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.spi.MDCAdapter;

/** A logger by name. Any thread. */
final class LineLogger extends LegacyAbstractLogger {

    private static final long serialVersionUID = 1;

    /** Libraries of ours and the JDK, which tell more of themselves than an operator needs. Plugins are not among them. */
    private static final List<String> CLIENTS = List.of(
            "org.apache.",
            "net.openhft.",
            "org.postgresql.",
            "com.ongres.",
            "org.newsclub.",
            "io.cloudevents.",
            "com.sun.",
            "sun.",
            "java.",
            "javax.",
            "jdk.");

    /** The key under which a pipeline's threads have its name. */
    private static final String PIPELINE = "pipeline";

    private final transient LogOutput output;
    private final transient MDCAdapter mdc;
    private final boolean client;

    LineLogger(String name, LogOutput output, MDCAdapter mdc) {
        this.name = name;
        this.output = output;
        this.mdc = mdc;
        client = CLIENTS.stream().anyMatch(name::startsWith);
    }

    private boolean shows(Level level) {
        LogSettings settings = output.settings();
        return (client ? settings.clients() : settings.level()).shows(level);
    }

    @Override
    public boolean isTraceEnabled() {
        return shows(Level.TRACE);
    }

    @Override
    public boolean isDebugEnabled() {
        return shows(Level.DEBUG);
    }

    @Override
    public boolean isInfoEnabled() {
        return shows(Level.INFO);
    }

    @Override
    public boolean isWarnEnabled() {
        return shows(Level.WARN);
    }

    @Override
    public boolean isErrorEnabled() {
        return shows(Level.ERROR);
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
        return null;
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level,
            @Nullable Marker marker,
            String pattern,
            Object @Nullable [] arguments,
            @Nullable Throwable error) {
        String message = MessageFormatter.basicArrayFormat(pattern, arguments);
        output.write(LogEvent.now(level, name, mdc.get(PIPELINE), message, error));
    }
}
