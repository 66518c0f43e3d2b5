package io.pgcdc.connect.record;

import io.pgcdc.connect.record.debezium.DebeziumStructs;
import io.pgcdc.connect.record.typed.TypedStructs;
import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sink.SourceId;
import io.pgcdc.sinks.kafka.format.FormatChoice;
import io.pgcdc.sinks.kafka.format.FormatSettings;
import io.pgcdc.sinks.kafka.format.Formats;
import io.pgcdc.sinks.kafka.format.RecordFormat;
import io.pgcdc.sinks.kafka.format.Topics;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.function.UnaryOperator;
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
        if (settings.get(RecordSettings.VALUES) == ValueChoice.STRUCT) {
            return structs(name, clock, settings, source);
        }
        return new FormatMaker<>(
                Formats.create(name, clock, settings, TOPICS, source), new ReadyCollector<>(Makers::bytes));
    }

    private static RecordMaker structs(String name, InstantSource clock, SettingValues settings, SourceId source) {
        FormatChoice format = settings.get(FormatSettings.FORMAT);
        RecordFormat<SchemaAndValue> made = switch (format) {
            case DEBEZIUM ->
                Formats.ofChanges(
                        name,
                        settings,
                        TOPICS,
                        new DebeziumStructs(name, Formats.debeziumOptions(settings, source, clock)));
            case OUTBOX -> Formats.ofEvents(name, settings, TOPICS, Makers::text, Makers::text);
            case NATIVE ->
                Formats.ofChanges(name, settings, TOPICS, new TypedStructs(name, Formats.avroOptions(settings)));
            case AVRO, CLOUDEVENTS -> throw new IllegalStateException("no Structs of format " + format);
        };
        return new FormatMaker<>(made, new ReadyCollector<>(UnaryOperator.identity()));
    }

    private static SchemaAndValue text(byte[] utf8) {
        return new SchemaAndValue(Schema.OPTIONAL_STRING_SCHEMA, new String(utf8, StandardCharsets.UTF_8));
    }

    private static SchemaAndValue bytes(JsonBuffer bytes) {
        return new SchemaAndValue(Schema.OPTIONAL_BYTES_SCHEMA, Arrays.copyOf(bytes.array(), bytes.length()));
    }
}
