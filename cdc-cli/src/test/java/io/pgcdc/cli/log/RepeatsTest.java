package io.pgcdc.cli.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

class RepeatsTest {

    private final Repeats repeats = new Repeats();

    private @Nullable LogEvent at(long seconds, Level level, String component, String message) {
        return repeats.pass(new LogEvent(Instant.ofEpochSecond(seconds), level, component, "p", message, null, 0));
    }

    private @Nullable LogEvent warn(long seconds, String message) {
        return at(seconds, Level.WARN, "sink-a", message);
    }

    @Test
    void theSameWarningIsShownOnceAMinuteWithTheNumberOfThoseBetween() {
        assertNotNull(warn(0, "lost. Trying again in 100 ms."));
        assertNull(warn(1, "lost. Trying again in 212 ms."));
        assertNull(warn(59, "lost. Trying again in 30000 ms."));
        LogEvent later = warn(60, "lost. Trying again in 1 ms.");
        assertNotNull(later);
        assertEquals(2, later.repeats());
        assertNull(warn(119, "lost. Trying again in 1 ms."));
    }

    @Test
    void whatDiffersIsShown() {
        assertNotNull(warn(0, "table t1 was dropped"));
        assertNotNull(warn(0, "table t2 was dropped"));
        assertNotNull(at(0, Level.WARN, "sink-b", "table t1 was dropped"));
        assertNotNull(at(0, Level.ERROR, "sink-a", "table t1 was dropped"));
    }

    @Test
    void aChangeOfStateIsAlwaysShownAndSoIsTheNextWarning() {
        assertNotNull(warn(0, "lost"));
        assertNotNull(at(1, Level.INFO, "sink-a", "works again"));
        assertNotNull(warn(2, "lost"));
        assertNotNull(at(3, Level.INFO, "sink-a", "works again"));
        assertNotNull(warn(4, "lost"));
        assertNotNull(at(5, Level.INFO, "sink-b", "works again"));
        assertNull(warn(6, "lost"));
    }
}
