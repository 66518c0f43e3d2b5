package io.pgcdc.connect.record;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sink.SourceId;
import io.pgcdc.sinks.kafka.format.Formats;
import io.pgcdc.sinks.kafka.format.Topics;
import java.time.InstantSource;
import java.util.Arrays;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;

/** Chooses the maker of records. */
final class Makers {

    /**
     * Records without a key go to partition 0. The connector does not know the number of partitions, because Kafka Connect creates the topics;
     * partition 0 always exists.
     */
    private static final Topics TOPICS = topic -> 1;

    private Makers() {}

    /** @param settings the result of {@link RecordSettings#complete} */
    static RecordMaker create(String name, InstantSource clock, SettingValues settings, SourceId source) {
        return new FormatMaker<>(
                Formats.create(name, clock, settings, TOPICS, source), new ReadyCollector<>(Makers::bytes));
    }

    private static SchemaAndValue bytes(JsonBuffer bytes) {
        return new SchemaAndValue(Schema.OPTIONAL_BYTES_SCHEMA, Arrays.copyOf(bytes.array(), bytes.length()));
    }
}
