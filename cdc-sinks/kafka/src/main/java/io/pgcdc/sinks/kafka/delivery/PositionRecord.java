package io.pgcdc.sinks.kafka.delivery;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.model.Position;
import io.pgcdc.sink.SourceId;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A sink's record in the topic of positions, as JSON:
 *
 * <pre>
 *   key    {"system_identifier":"7…","slot":"s","sink":"bus"}
 *   value  {"position":"0/1A2B3C8:5","whole":"0/1A2B000:3","owner":"…"}
 * </pre>
 *
 * @param position position of the last committed change; null if there is none
 * @param whole position of the last change of the last transaction that is committed completely; null if there is none. It differs
 *     from {@code position} while a transaction of the source is split into several Kafka transactions
 * @param owner a random id of the process that writes as the sink
 */
record PositionRecord(@Nullable Position position, @Nullable Position whole, String owner) {

    static byte[] key(SourceId source, String sink) {
        JsonBuffer out = new JsonBuffer();
        out.appendAscii("{\"system_identifier\":").appendString(source.systemIdentifier());
        out.appendAscii(",\"slot\":").appendString(source.slot());
        out.appendAscii(",\"sink\":").appendString(sink).appendByte('}');
        return bytes(out);
    }

    byte[] toBytes() {
        JsonBuffer out = new JsonBuffer();
        append(out.appendAscii("{\"position\":"), position);
        append(out.appendAscii(",\"whole\":"), whole);
        out.appendAscii(",\"owner\":").appendString(owner).appendByte('}');
        return bytes(out);
    }

    private static void append(JsonBuffer out, @Nullable Position position) {
        if (position == null) {
            out.appendAscii("null");
        } else {
            out.appendString(position.toString());
        }
    }

    private static byte[] bytes(JsonBuffer out) {
        return Arrays.copyOf(out.array(), out.length());
    }

    /** @throws IllegalArgumentException if the bytes are not such a record */
    static PositionRecord parse(byte[] json) {
        Map<String, String> texts = FlatJson.read(json);
        String owner = texts.get("owner");
        if (owner == null) {
            throw new IllegalArgumentException("without an owner");
        }
        return new PositionRecord(position(texts.get("position")), position(texts.get("whole")), owner);
    }

    private static @Nullable Position position(@Nullable String text) {
        return text == null ? null : Position.parse(text);
    }
}
