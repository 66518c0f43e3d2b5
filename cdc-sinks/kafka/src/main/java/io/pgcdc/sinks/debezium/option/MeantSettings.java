package io.pgcdc.sinks.debezium.option;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes what Debezium's options mean. Names of our settings are those of the connector for Kafka Connect: {@code source.slot},
 * {@code snapshot.mode}, {@code tables}. For one thread.
 */
public interface MeantSettings {

    /**
     * Gives a setting a value.
     *
     * @param from Debezium's option, for messages about the value
     */
    void put(String name, String from, String text);

    /** @param elements of a list */
    void put(String name, String from, List<String> elements);

    /** Says that a setting has no value because of a problem that is known. */
    void broken(String name);

    /**
     * Refuses an option's value.
     *
     * @param name our setting, which has no value then
     * @param advice what to write, as a sentence's end
     */
    void refuse(String name, String from, String text, String advice);

    /** Says that an option has another value than the one that always holds here. */
    void differs(String option, String text, DebeziumAnswer.Fixed fixed);

    /** Says that an option has no equal, and no setting is needed. */
    void unneeded(String option, String why);

    /**
     * Says that an option has no equal.
     *
     * @param near an option that the user may have meant; null if none is near
     */
    void lacks(String option, String advice, @Nullable String near);
}
