package io.pgcdc.sinks.kafka.format;

import org.apache.avro.Schema;

/** The choices of {@code subject_naming}: how a schema gets its subject. They are those of Confluent's serializers. */
enum SubjectNaming {
    /** The topic's name; one subject for keys and one for values. */
    TOPIC,
    /** The schema's full name. */
    RECORD,
    /** The topic's name and the schema's full name. */
    TOPIC_RECORD;

    /**
     * Returns the subject of a schema.
     *
     * @param role "key" or "value"
     */
    String subject(String topic, String role, Schema schema) {
        return switch (this) {
            case TOPIC -> topic + "-" + role;
            case RECORD -> schema.getFullName();
            case TOPIC_RECORD -> topic + "-" + schema.getFullName();
        };
    }
}
