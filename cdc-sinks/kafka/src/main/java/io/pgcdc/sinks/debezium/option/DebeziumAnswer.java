package io.pgcdc.sinks.debezium.option;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the connector makes of a property of Debezium's PostgreSQL connector. */
public sealed interface DebeziumAnswer {

    /** Returns the name of our property that takes the value, or null if none does. */
    default @Nullable String property() {
        return null;
    }

    /** One of our properties takes the same values. */
    record Equal(String property) implements DebeziumAnswer {}

    /** One of our properties means the same in other words: {@link DebeziumOptions} translates. */
    record Translated(String property) implements DebeziumAnswer {}

    /**
     * pgcdc always behaves as with these values, so they are accepted.
     *
     * @param advice for other values, what to write
     */
    record Fixed(List<String> values, String advice) implements DebeziumAnswer {}

    /** It is accepted and has no effect: it tunes what pgcdc does in another way. */
    record Unneeded(String why) implements DebeziumAnswer {}

    /**
     * There is no equal, so it is refused.
     *
     * @param advice what to write
     */
    record Refused(String advice) implements DebeziumAnswer {}
}
