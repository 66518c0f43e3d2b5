package io.pgcdc.cli.log;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * Holds back warnings and errors that say the same again and again, as those of retries do: each is shown once a minute, with the number of
 * those between. Lengths of pauses count as equal. A change of a component's state, which is an event of level INFO, shows its next
 * warning again. For one thread at a time.
 */
final class Repeats {

    static final long QUIET_MS = 60_000;

    /** More different messages are not remembered. */
    private static final int MOST = 500;

    private static final Pattern PAUSE = Pattern.compile("\\d+ ms");

    private final Map<Key, Seen> seen = new LinkedHashMap<>();

    private record Key(Level level, @Nullable String pipeline, String component, String message) {}

    private static final class Seen {
        final long shownMs;
        int held;

        Seen(long shownMs) {
            this.shownMs = shownMs;
        }
    }

    /** Returns the event to show, with its number of repeats; null: it is held back. */
    @Nullable
    LogEvent pass(LogEvent event) {
        if (event.level() == Level.INFO) {
            seen.keySet()
                    .removeIf(key ->
                            key.component.equals(event.component()) && Objects.equals(key.pipeline, event.pipeline()));
        }
        if (event.level().toInt() < Level.WARN.toInt()) {
            return event;
        }
        Key key = new Key(
                event.level(),
                event.pipeline(),
                event.component(),
                PAUSE.matcher(event.message()).replaceAll("# ms"));
        long now = event.time().toEpochMilli();
        Seen before = seen.get(key);
        if (before != null && now - before.shownMs < QUIET_MS) {
            before.held++;
            return null;
        }
        if (before == null && seen.size() >= MOST) {
            seen.clear();
        }
        seen.put(key, new Seen(now));
        return before == null ? event : event.repeated(before.held);
    }
}
