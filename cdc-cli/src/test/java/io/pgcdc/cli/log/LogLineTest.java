package io.pgcdc.cli.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

class LogLineTest {

    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678901Z");

    private static LogEvent event(Level level, @Nullable String pipeline, String message, @Nullable Throwable error) {
        return new LogEvent(TIME, level, "capture", pipeline, message, error, 0);
    }

    @Test
    void textHasTimeLevelPipelineAndComponent() {
        assertEquals(
                "2026-01-02T03:04:05.678Z WARN  shop_cdc/capture: CDC-114 lost",
                LogLine.text(event(Level.WARN, "shop_cdc", "CDC-114 lost", null), false));
        assertEquals(
                "2026-01-02T03:04:05.678Z ERROR capture: odd: java.lang.IllegalStateException: why",
                LogLine.text(event(Level.ERROR, null, "odd", new IllegalStateException("why")), false));
        assertEquals(
                "2026-01-02T03:04:05.678Z INFO  p/capture: again (3 more since the last such line)",
                LogLine.text(event(Level.INFO, "p", "again", null).repeated(3), false));
    }

    @Test
    void theTerminalIsNotSteeredByAMessage() {
        assertEquals(
                "2026-01-02T03:04:05.678Z INFO  capture: a server said ?[31m",
                LogLine.text(event(Level.INFO, null, "a server said \u001b[31m", null), false));
    }

    @Test
    void jsonHasOneObjectOnOneLine() {
        assertEquals(
                "{\"time\":\"2026-01-02T03:04:05.678Z\",\"level\":\"warn\",\"component\":\"capture\",\"pipeline\":\"shop_cdc\","
                        + "\"code\":\"CDC-114\",\"message\":\"CDC-114 \\\"lost\\\"\\nagain\",\"repeats\":2}",
                LogLine.json(
                        event(Level.WARN, "shop_cdc", "CDC-114 \"lost\"\nagain", null)
                                .repeated(2),
                        false));
        assertEquals(
                "{\"time\":\"2026-01-02T03:04:05.678Z\",\"level\":\"error\",\"component\":\"capture\",\"message\":\"odd\","
                        + "\"error\":\"java.lang.IllegalStateException: why\"}",
                LogLine.json(event(Level.ERROR, null, "odd", new IllegalStateException("why")), false));
    }

    @Test
    void stackTracesAreShownWhenAskedFor() throws Exception {
        LogEvent event = event(Level.ERROR, null, "odd", new IllegalStateException("why"));
        assertTrue(LogLine.text(event, true).contains("odd\njava.lang.IllegalStateException: why\n\tat "));
        String json = LogLine.json(event, true);
        assertEquals(1, json.lines().count());
        assertTrue(new ObjectMapper().readTree(json).get("error").asText().contains("why\n\tat "));
    }
}
