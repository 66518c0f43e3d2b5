package io.pgcdc.cli.log;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What is logged, and how.
 *
 * @param level of pgcdc and of plugins
 * @param clients level of the libraries that pgcdc uses, such as Kafka's clients
 * @param traces true if an exception is shown with its stack trace
 */
public record LogSettings(LogFormat format, LogLevel level, LogLevel clients, boolean traces) {

    public static final String FORMAT = "--log-format";
    public static final String LEVEL = "--log-level";
    public static final String CLIENTS = "--log-clients";
    public static final String VERBOSE = "--verbose";

    /**
     * Reads the flags from a command line, before it is parsed: parsing may log. Passes over a value that is wrong, because the parser
     * reports it.
     *
     * @param level used if no flag sets it
     */
    public static LogSettings of(List<String> arguments, LogLevel level) {
        boolean verbose = arguments.contains(VERBOSE);
        return new LogSettings(
                value(arguments, FORMAT, LogFormat.class, LogFormat.TEXT),
                value(arguments, LEVEL, LogLevel.class, verbose ? LogLevel.DEBUG : level),
                value(arguments, CLIENTS, LogLevel.class, verbose ? LogLevel.INFO : LogLevel.ERROR),
                verbose);
    }

    private static <E extends Enum<E>> E value(List<String> arguments, String flag, Class<E> type, E byDefault) {
        String text = text(arguments, flag);
        for (E choice : type.getEnumConstants()) {
            if (choice.name().toLowerCase(Locale.ROOT).equals(text)) {
                return choice;
            }
        }
        return byDefault;
    }

    private static @Nullable String text(List<String> arguments, String flag) {
        String found = null;
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (argument.startsWith(flag + "=")) {
                found = argument.substring(flag.length() + 1);
            } else if (argument.equals(flag) && i + 1 < arguments.size()) {
                found = arguments.get(i + 1);
            }
        }
        return found == null ? null : found.toLowerCase(Locale.ROOT);
    }
}
