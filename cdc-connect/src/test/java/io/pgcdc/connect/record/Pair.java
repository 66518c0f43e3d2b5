package io.pgcdc.connect.record;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.model.Change;
import io.pgcdc.setting.Given;
import io.pgcdc.setting.Place;
import io.pgcdc.setting.Problems;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingReader;
import io.pgcdc.setting.SettingType;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sink.RefusedChangeException;
import io.pgcdc.sink.SourceId;
import io.pgcdc.sinks.kafka.KafkaSinkProvider;
import io.pgcdc.sinks.kafka.format.Formats;
import io.pgcdc.sinks.kafka.format.RecordFormat;
import io.pgcdc.sinks.kafka.format.Records;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.connect.storage.SimpleHeaderConverter;
import org.jspecify.annotations.Nullable;

/** The Kafka sink's records and the connector's, of the same changes; and their differences. */
final class Pair {

    private static final int MOST_DIFFERENCES = 20;
    private static final int PARTITIONS = 6;
    private static final SourceId SOURCE = new SourceId("7518295421548201473", "shop", "shop_cdc");

    /** Compares key and value. Returns the first difference, or null if there is none. */
    interface Contents {
        @Nullable
        String difference(ProducerRecord<byte[], byte[]> expected, ReadyRecord actual);

        /** Returns the difference that this finds, or else the other one. */
        default Contents and(Contents other) {
            return (expected, actual) -> {
                String difference = difference(expected, actual);
                return difference != null ? difference : other.difference(expected, actual);
            };
        }
    }

    private final String name;
    private final RecordFormat<JsonBuffer> kafka;
    private final RecordMaker connector;
    private final Contents contents;
    private final boolean headers;
    private final Records expected = new Records();
    private final Ready actual = new Ready();
    private final SimpleHeaderConverter headerConverter = new SimpleHeaderConverter();
    private final List<String> differences = new ArrayList<>();
    private int compared;
    private int refused;

    /**
     * Creates a pair.
     *
     * @param ofKafka settings of the Kafka sink, {@code key=value}, separated by semicolons
     * @param ofConnector the same of the connector
     * @param headers true to compare headers, too
     */
    Pair(String name, String ofKafka, String ofConnector, Contents contents, boolean headers) {
        this.name = name;
        this.contents = contents;
        this.headers = headers;
        InstantSource clock = InstantSource.fixed(Instant.parse("2026-01-02T03:04:05.678Z"));
        List<Setting<?>> ofSink = new KafkaSinkProvider()
                .settings().stream().filter(RecordSettings.ALL::contains).toList();
        SettingValues sink = read(ofSink, ofKafka, Formats::check);
        kafka = Formats.create("bus", clock, Formats.complete(sink), topic -> PARTITIONS, SOURCE);
        connector = RecordMaker.create("bus", clock, ofConnector(ofConnector), SOURCE);
    }

    /** Returns settings of the connector: {@code key=value}, separated by semicolons. */
    static SettingValues ofConnector(String settings) {
        return read(RecordSettings.ALL, settings, RecordSettings::check);
    }

    private interface Check {
        void accept(SettingValues values, BiConsumer<Setting<?>, String> problems);
    }

    private static SettingValues read(List<Setting<?>> settings, String text, Check check) {
        Map<String, Given> given = new LinkedHashMap<>();
        for (String setting : text.split(";")) {
            int equals = setting.indexOf('=');
            String key = setting.substring(0, equals);
            String value = setting.substring(equals + 1);
            given.put(key, given(key, value));
        }
        Problems problems = new Problems();
        SettingValues values = new SettingReader(problems).read("records", settings, given, missing -> {
            throw new AssertionError(missing.key() + " is missing");
        });
        problems.throwIfAny();
        check.accept(values, (setting, problem) -> {
            throw new AssertionError(setting.key() + " " + problem);
        });
        return values;
    }

    private static Given given(String key, String value) {
        if (value.isEmpty()) {
            return Given.list(key, List.of(), Place.DEFAULT);
        }
        return key.equals("schema_registry")
                ? new Given(key, List.of(value), SettingType.Shape.MAPPING, false, Place.DEFAULT, Place.DEFAULT)
                : Given.text(key, value, Place.DEFAULT);
    }

    String name() {
        return name;
    }

    List<String> differences() {
        return differences;
    }

    /** Returns how many records were compared. */
    int compared() {
        return compared;
    }

    /** Returns how many changes both refused. */
    int refused() {
        return refused;
    }

    void startOfBatch() {
        kafka.startOfBatch();
        connector.startOfBatch();
    }

    void append(Change change) {
        String theirs = refusal(() -> kafka.append(change, expected));
        String ours = refusal(() -> connector.append(change, actual));
        if (theirs != null && ours != null) {
            refused++;
        }
        compare(change.kind() + " at " + change.position(), theirs, ours);
    }

    void endOfTransaction() {
        kafka.endOfTransaction(expected);
        connector.endOfTransaction(actual);
        compare("an end", null, null);
    }

    void passOver(Change change, boolean whole) {
        kafka.passOver(change, whole);
        connector.passOver(change, whole);
    }

    void undoBatch() {
        kafka.undoBatch();
        connector.undoBatch();
    }

    private static @Nullable String refusal(Runnable append) {
        try {
            append.run();
            return null;
        } catch (RefusedChangeException e) {
            return e.getMessage();
        }
    }

    private void compare(String what, @Nullable String theirs, @Nullable String ours) {
        List<Records.Outgoing> records = expected.waiting();
        if (!Objects.equals(theirs, ours)) {
            differ(what, "refused: " + theirs + " is expected, not " + ours);
        } else if (theirs != null) {
            requireNone(what);
        } else if (records.size() != actual.size()) {
            differ(what, records.size() + " records are expected, not " + actual.size());
        } else {
            for (int i = 0; i < records.size(); i++) {
                ProducerRecord<byte[], byte[]> record = records.get(i).record();
                String difference = difference(record, actual.records().get(i));
                if (difference != null) {
                    differ(what + ", record " + i + " for " + record.topic(), difference);
                }
                compared++;
            }
        }
        expected.clear();
        actual.clear();
    }

    private void requireNone(String what) {
        if (actual.size() != 0) {
            differ(what, "a refused change has " + actual.size() + " records");
        }
    }

    private void differ(String what, String difference) {
        if (differences.size() < MOST_DIFFERENCES) {
            differences.add(name + ": " + what + ": " + difference);
        }
    }

    private @Nullable String difference(ProducerRecord<byte[], byte[]> record, ReadyRecord ready) {
        if (!record.topic().equals(ready.topic())) {
            return "topic " + ready.topic();
        }
        boolean samePlace = record.partition() == null ? ready.partition() == null : isFirst(ready.partition());
        if (!samePlace) {
            return "partition " + ready.partition();
        }
        if (!record.timestamp().equals(ready.timestampMs())) {
            return "timestamp " + ready.timestampMs();
        }
        if ((record.key() == null) != (ready.key() == null) || (record.value() == null) != (ready.value() == null)) {
            return "key " + ready.key() + ", value " + ready.value();
        }
        String difference = headers ? ofHeaders(record, ready) : null;
        return difference != null ? difference : contents.difference(record, ready);
    }

    private static boolean isFirst(@Nullable Integer partition) {
        return partition != null && partition == 0;
    }

    private @Nullable String ofHeaders(ProducerRecord<byte[], byte[]> record, ReadyRecord ready) {
        RecordHeaders converted = new RecordHeaders();
        for (org.apache.kafka.connect.header.Header header : ready.headers()) {
            converted.add(
                    header.key(),
                    headerConverter.fromConnectHeader(ready.topic(), header.key(), header.schema(), header.value()));
        }
        return List.of(record.headers().toArray()).equals(List.<Header>of(converted.toArray()))
                ? null
                : "headers: " + record.headers() + " are expected, not " + ready.headers();
    }
}
