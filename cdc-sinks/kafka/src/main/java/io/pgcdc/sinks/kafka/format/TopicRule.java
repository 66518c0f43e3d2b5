package io.pgcdc.sinks.kafka.format;

import io.pgcdc.model.TablePattern;

/** Gives the topic of the tables that match a pattern. */
record TopicRule(TablePattern tables, TopicTemplate topic) {

    static final String FORM = "schema.table=TOPIC or schema.*=TOPIC";

    static TopicRule parse(String text) {
        int equals = text.lastIndexOf('=');
        if (equals < 0) {
            throw new IllegalArgumentException(FORM);
        }
        return new TopicRule(
                TablePattern.parse(text.substring(0, equals).strip()),
                TopicTemplate.parse(text.substring(equals + 1).strip()));
    }

    /** Returns the text that {@link #parse} reads. */
    @Override
    public String toString() {
        return tables + "=" + topic;
    }
}
