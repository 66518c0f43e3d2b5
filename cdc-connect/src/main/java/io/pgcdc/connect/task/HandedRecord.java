package io.pgcdc.connect.task;

import io.pgcdc.connect.offset.KeptOffset;
import io.pgcdc.connect.record.ReadyRecord;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record that equals itself only. Kafka Connect keeps records in hash tables until their Kafka transaction ends, and asks each one whether a
 * transaction ends with it. {@link SourceRecord} would walk through its whole value each time.
 */
final class HandedRecord extends SourceRecord {

    HandedRecord(ReadyRecord ready, KeptOffset offset) {
        super(
                offset.partition(),
                offset.offset(),
                ready.topic(),
                ready.partition(),
                ready.keySchema(),
                ready.key(),
                ready.valueSchema(),
                ready.value(),
                ready.timestampMs(),
                ready.headers());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
