package io.pgcdc.testkit.topic;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.pgcdc.model.Position;
import io.pgcdc.servers.kafka.LoggedRecord;
import io.pgcdc.servers.kafka.TopicReader;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record, and the change that it tells.
 *
 * @param position of the change. Of Debezium's own records: the last commit's LSN and the change's LSN, which order them
 * @param transaction name of the source's transaction; null for a row of a snapshot and for a message outside a transaction
 * @param change name of this record among all records of its topic: no two have the same
 * @param removes true for a delete, of which a key change has one
 */
public record PlacedRecord(
        LoggedRecord logged, Position position, @Nullable String transaction, String change, boolean removes) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Finds the change of a record. */
    public interface Finder {
        /** Returns null if the record tells no change: a heartbeat, a tombstone without headers. */
        @Nullable
        PlacedRecord find(LoggedRecord record);
    }

    /** Of pgcdc's records in any format with {@code headers: true}, and of the native format as JSON without them. */
    public static @Nullable PlacedRecord ofPgcdc(LoggedRecord logged) {
        ConsumerRecord<byte[], byte[]> record = logged.record();
        String position = TopicReader.header(record, "position");
        String type = TopicReader.header(record, "change_type");
        if (position == null) {
            JsonNode value = json(record.value());
            position = value.path("position").textValue();
            type = value.path("change_type").textValue();
        }
        if (position == null || type == null) {
            return null; // a boundary of a transaction has a position and no type
        }
        Position of = Position.parse(position);
        boolean alone = of.ordinal() < 0;
        return new PlacedRecord(
                logged,
                of,
                alone ? null : position.replaceFirst(":\\d+", ""),
                position + " " + type + " " + rest(record),
                type.equals("DELETE"));
    }

    /** Of records in Debezium's envelope as JSON, with or without its schema. A tombstone tells nothing. */
    public static @Nullable PlacedRecord ofDebezium(LoggedRecord logged) {
        ConsumerRecord<byte[], byte[]> record = logged.record();
        JsonNode value = json(record.value());
        JsonNode envelope = value.has("payload") ? value.path("payload") : value;
        JsonNode source = envelope.path("source");
        JsonNode sequence = json(bytes(source.path("sequence")));
        if (sequence.size() != 2) {
            return null;
        }
        String operation = envelope.path("op").asText();
        Position position =
                new Position(0, sequence.path(0).asLong(), sequence.path(1).asLong());
        return new PlacedRecord(
                logged,
                position,
                operation.equals("r") ? null : source.path("txId").asText(),
                sequence + " " + operation + " " + rest(record),
                operation.equals("d"));
    }

    private static String rest(ConsumerRecord<byte[], byte[]> record) {
        return (record.value() == null ? "tombstone " : "") + TopicReader.text(record.key());
    }

    private static byte @Nullable [] bytes(JsonNode text) {
        return text.isTextual() ? text.textValue().getBytes(StandardCharsets.UTF_8) : null;
    }

    private static JsonNode json(byte @Nullable [] value) {
        try {
            return value == null ? MissingNode.getInstance() : JSON.readTree(TopicReader.text(value));
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance(); // another record's value
        }
    }
}
