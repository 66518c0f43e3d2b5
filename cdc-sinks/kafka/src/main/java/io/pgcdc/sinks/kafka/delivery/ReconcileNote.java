package io.pgcdc.sinks.kafka.delivery;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.model.Position;
import io.pgcdc.sink.SourceId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of a table's reconciliation, as JSON in the topic of positions. Records before the offsets in {@code from} are of
 * rows that may not exist any more. A record without a value means that there is none.
 *
 * <pre>
 *   key    {"system_identifier":"7…","slot":"s","sink":"bus","reconcile":"public.users"}
 *   value  {"topic":"shop.public.users","topic_id":"…","from":"120,98","begun_at":"0/1A2B3C8:r5","refused":false}
 * </pre>
 *
 * @param table the table's name with its schema
 * @param topicId Kafka's id of the topic; a topic that was made again has another one
 * @param from end offset of each of the topic's partitions at the beginning
 * @param begunAt position of the beginning
 * @param refused true if a change of the table was refused since: it is not known whether its row exists
 */
record ReconcileNote(String table, String topic, String topicId, List<Long> from, Position begunAt, boolean refused) {

    ReconcileNote {
        from = List.copyOf(from);
    }

    ReconcileNote asRefused() {
        return new ReconcileNote(table, topic, topicId, from, begunAt, true);
    }

    static byte[] key(SourceId source, String sink, String table) {
        JsonBuffer out = new JsonBuffer();
        out.append(keyStart(source, sink)).appendString(table).appendByte('}');
        return bytes(out);
    }

    /** Returns the beginning that the keys of a sink's notes share. */
    private static byte[] keyStart(SourceId source, String sink) {
        byte[] ofPosition = PositionRecord.key(source, sink);
        JsonBuffer out = new JsonBuffer();
        out.append(Arrays.copyOf(ofPosition, ofPosition.length - 1)).appendAscii(",\"reconcile\":");
        return bytes(out);
    }

    /** Returns the table whose note has this key; null if it is not the key of a note of the sink. */
    static @Nullable String table(byte @Nullable [] key, SourceId source, String sink) {
        byte[] start = keyStart(source, sink);
        if (key == null || key.length < start.length || Arrays.mismatch(key, start) != start.length) {
            return null;
        }
        return FlatJson.read(key).get("reconcile");
    }

    byte[] toBytes() {
        JsonBuffer out = new JsonBuffer();
        out.appendAscii("{\"topic\":").appendString(topic);
        out.appendAscii(",\"topic_id\":").appendString(topicId);
        out.appendAscii(",\"from\":\"");
        for (int i = 0; i < from.size(); i++) {
            out.appendAscii(i == 0 ? "" : ",").appendAscii(Long.toString(from.get(i)));
        }
        out.appendAscii("\",\"begun_at\":").appendString(begunAt.toString());
        out.appendAscii(",\"refused\":").appendAscii(Boolean.toString(refused)).appendByte('}');
        return bytes(out);
    }

    /** @throws IllegalArgumentException if the bytes are not such a note */
    static ReconcileNote parse(String table, byte[] json) {
        Map<String, String> texts = FlatJson.read(json);
        List<Long> from = new ArrayList<>();
        for (String offset : text(texts, "from").split(",")) {
            from.add(Long.parseLong(offset));
        }
        return new ReconcileNote(
                table,
                text(texts, "topic"),
                text(texts, "topic_id"),
                from,
                Position.parse(text(texts, "begun_at")),
                Boolean.parseBoolean(text(texts, "refused")));
    }

    private static String text(Map<String, String> texts, String name) {
        String text = texts.get(name);
        if (text == null) {
            throw new IllegalArgumentException("without " + name);
        }
        return text;
    }

    private static byte[] bytes(JsonBuffer out) {
        return Arrays.copyOf(out.array(), out.length());
    }
}
