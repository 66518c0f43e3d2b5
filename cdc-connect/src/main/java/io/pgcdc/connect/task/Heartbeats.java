package io.pgcdc.connect.task;

import io.pgcdc.connect.offset.KeptOffset;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.source.SourceRecord;

/** Makes the records that carry an offset when no record of a change does. Any thread. */
final class Heartbeats {

    private final String topic;
    private final String source;
    private final boolean bytes;
    private final InstantSource clock;

    /**
     * @param source name of the source, the records' key
     * @param bytes true if the worker's converters take bytes only
     */
    Heartbeats(String topic, String source, boolean bytes, InstantSource clock) {
        this.topic = topic;
        this.source = source;
        this.bytes = bytes;
        this.clock = clock;
    }

    SourceRecord carrying(KeptOffset offset) {
        Schema schema = bytes ? Schema.BYTES_SCHEMA : Schema.STRING_SCHEMA;
        String text = String.valueOf(offset.offset().getOrDefault("acknowledged", ""));
        return new SourceRecord(
                offset.partition(),
                offset.offset(),
                topic,
                null,
                schema,
                value(source),
                schema,
                value(text),
                clock.millis());
    }

    private Object value(String text) {
        return bytes ? text.getBytes(StandardCharsets.UTF_8) : text;
    }
}
