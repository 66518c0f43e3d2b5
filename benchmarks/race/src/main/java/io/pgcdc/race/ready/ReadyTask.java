package io.pgcdc.race.ready;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.jspecify.annotations.Nullable;

/** Gives out the same records again and again, until there were enough of them; then one last record. */
public final class ReadyTask extends SourceTask {

    private static final long WAIT_MS = 200;
    private static final Map<String, Integer> PLACE = Map.of("place", 0);

    private final CountDownLatch stop = new CountDownLatch(1);
    private List<SourceRecord> ready = List.of();
    private String lastTopic = "";
    private long left;
    private int batch;
    private boolean isFinished;

    @Override
    public String version() {
        return "1";
    }

    @Override
    public void start(Map<String, String> given) {
        AbstractConfig config = new AbstractConfig(new ReadyConnector().config(), given, false);
        lastTopic = config.getString(ReadyConnector.LAST_TOPIC);
        left = config.getLong(ReadyConnector.RECORDS);
        batch = config.getInt(ReadyConnector.BATCH);
        String prefix = config.getString(ReadyConnector.PREFIX);
        Path file = Path.of(config.getString(ReadyConnector.SAMPLES));
        boolean structs = config.getBoolean(ReadyConnector.STRUCTS);
        try (JsonConverter keys = new JsonConverter();
                JsonConverter values = new JsonConverter()) {
            keys.configure(Map.of("schemas.enable", "true"), true);
            values.configure(Map.of("schemas.enable", "true"), false);
            List<SourceRecord> records = new ArrayList<>();
            for (Sample sample : Sample.read(file)) {
                String topic = prefix + sample.topic();
                records.add(record(
                        topic,
                        converted(sample.key(), topic, structs ? keys : null),
                        converted(sample.value(), topic, structs ? values : null),
                        sample.headers()));
            }
            ready = records;
        } catch (IOException e) {
            throw new ConnectException("the samples cannot be read", e);
        }
    }

    /** @param converter null: the text's bytes are the value */
    private static SchemaAndValue converted(String text, String topic, @Nullable JsonConverter converter) {
        byte[] bytes = text.getBytes(UTF_8);
        return converter == null
                ? new SchemaAndValue(Schema.OPTIONAL_BYTES_SCHEMA, bytes)
                : converter.toConnectData(topic, bytes);
    }

    private static SourceRecord record(
            String topic, SchemaAndValue key, SchemaAndValue value, Map<String, String> headers) {
        ConnectHeaders all = new ConnectHeaders();
        headers.forEach((name, text) -> all.add(name, new SchemaAndValue(Schema.STRING_SCHEMA, text)));
        return new SourceRecord(
                PLACE, PLACE, topic, null, key.schema(), key.value(), value.schema(), value.value(), 0L, all);
    }

    @Override
    public @Nullable List<SourceRecord> poll() throws InterruptedException {
        if (left > 0) {
            return next((int) Math.min(batch, left));
        }
        if (!isFinished) {
            isFinished = true;
            SourceRecord any = ready.get(0);
            return List.of(any.newRecord(
                    lastTopic,
                    null,
                    any.keySchema(),
                    any.key(),
                    any.valueSchema(),
                    any.value(),
                    any.timestamp(),
                    any.headers()));
        }
        boolean unused = stop.await(WAIT_MS, TimeUnit.MILLISECONDS);
        return null;
    }

    private List<SourceRecord> next(int count) {
        List<SourceRecord> records = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            records.add(ready.get((int) ((left - i) % ready.size())));
        }
        left -= count;
        return records;
    }

    @Override
    public void stop() {
        stop.countDown();
    }
}
