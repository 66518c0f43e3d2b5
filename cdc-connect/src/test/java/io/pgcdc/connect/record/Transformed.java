package io.pgcdc.connect.record;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.transforms.Transformation;
import org.jspecify.annotations.Nullable;

/** Gives records to transforms of Kafka Connect, as a worker does. */
final class Transformed {

    private Transformed() {}

    /** Returns a transform with these properties: names and values in turn. */
    static <T extends Transformation<SourceRecord>> T with(T transform, String... properties) {
        Map<String, String> all = new HashMap<>();
        for (int i = 0; i < properties.length; i += 2) {
            all.put(properties[i], properties[i + 1]);
        }
        transform.configure(all);
        return transform;
    }

    /** Returns the record after all transforms, or null if one drops it. */
    static @Nullable SourceRecord by(List<? extends Transformation<SourceRecord>> transforms, ReadyRecord ready) {
        SourceRecord record = record(ready);
        for (Transformation<SourceRecord> transform : transforms) {
            record = record == null ? null : transform.apply(record);
        }
        return record;
    }

    static SourceRecord record(ReadyRecord ready) {
        return new SourceRecord(
                Map.of(),
                Map.of(),
                ready.topic(),
                ready.partition(),
                ready.keySchema(),
                ready.key(),
                ready.valueSchema(),
                ready.value(),
                ready.timestampMs(),
                ready.headers());
    }
}
