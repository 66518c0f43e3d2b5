package io.pgcdc.cli.log;

import io.pgcdc.error.Printable;
import io.pgcdc.json.bytes.JsonBuffer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes events as lines. No state. */
final class LogLine {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private LogLine() {}

    /** Returns {@code 2026-01-02T03:04:05.678Z WARN  shop_cdc/capture: message}, without the end of the line. */
    static String text(LogEvent event, boolean traces) {
        StringBuilder line = new StringBuilder();
        TIME.formatTo(event.time(), line);
        line.append(' ').append(String.format("%-5s", event.level())).append(' ');
        if (event.pipeline() != null) {
            line.append(event.pipeline()).append('/');
        }
        line.append(event.component()).append(": ").append(Printable.lines(event.message()));
        if (event.repeats() > 0) {
            line.append(" (").append(event.repeats()).append(" more since the last such line)");
        }
        Throwable error = event.error();
        if (error != null) {
            line.append(traces ? "\n" + trace(error).stripTrailing() : ": " + error);
        }
        return line.toString();
    }

    /** Returns one JSON object. Keys without a value are left out. */
    static String json(LogEvent event, boolean traces) {
        JsonBuffer line = new JsonBuffer();
        line.appendAscii("{\"time\":").appendString(TIME.format(event.time()));
        add(line, "level", event.level().name().toLowerCase(Locale.ROOT));
        add(line, "component", event.component());
        add(line, "pipeline", event.pipeline());
        add(line, "code", event.code());
        add(line, "message", event.message());
        if (event.repeats() > 0) {
            line.appendAscii(",\"repeats\":").appendLong(event.repeats());
        }
        Throwable error = event.error();
        if (error != null) {
            add(line, "error", traces ? trace(error) : error.toString());
        }
        return line.appendByte('}').toString();
    }

    private static void add(JsonBuffer line, String key, @Nullable String value) {
        if (value != null) {
            line.appendByte(',').appendString(key).appendByte(':').appendString(value);
        }
    }

    private static String trace(Throwable error) {
        StringWriter text = new StringWriter();
        error.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
