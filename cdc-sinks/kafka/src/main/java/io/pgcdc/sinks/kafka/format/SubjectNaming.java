package io.pgcdc.sinks.kafka.format;

import org.apache.avro.Schema;

/** The subject of a schema: the three ways of Confluent's serializers. */
enum SubjectNaming {
    /** The topic's, one for keys and one for values. */
    TOPIC,
    /** The schema's full name. */
    RECORD,
    /** Topic and full name. */
    TOPIC_RECORD;

    /** @param role "key" or "value" */
    String subject(String topic, String role, Schema schema) {
        return switch (this) {
            case TOPIC -> topic + "-" + role;
            case RECORD -> schema.getFullName();
            case TOPIC_RECORD -> topic + "-" + schema.getFullName();
        };
    }
}
