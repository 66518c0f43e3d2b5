package io.pgcdc.sinks.outbox;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventTimeTest {

    private static boolean isTimestamp(String text) {
        return EventTime.isTimestamp(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-01-02 03:04:05.678901+00",
                "2026-01-02 03:04:05",
                "1890-01-02 03:04:05+00:53:28",
                "2024-02-29",
                "0045-02-28 00:00:00+00 BC",
                "294276-12-31 23:59:59.999999+00",
                "2026-01-02T03:04:05.678901234Z",
                "2026-01-02T03:04+0530",
                "infinity",
                "-infinity"
            })
    void whatASourceOrIso8601WritesIsATimestamp(String text) {
        assertTrue(isTimestamp(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "now",
                "today",
                "epoch",
                "1700001231",
                "20240229",
                "2023-02-29",
                "2026-13-01",
                "2026-00-01",
                "2026-01-00",
                "2026-01-02 24:00",
                "2026-01-02T03:04:60Z",
                "2026-01-02 03:04:05+16",
                "2026-01-02 03:04:05 Europe/Berlin",
                "Jan 2 2026",
                "01/02/2026",
                "2026-01-02 "
            })
    void anythingElseIsNot(String text) {
        assertFalse(isTimestamp(text));
    }
}
