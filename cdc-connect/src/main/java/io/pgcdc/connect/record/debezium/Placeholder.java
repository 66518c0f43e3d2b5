package io.pgcdc.connect.record.debezium;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.jspecify.annotations.Nullable;

/** Makes the value of Kafka Connect for an unchanged TOAST value, of its JSON. Once per layout and column. */
final class Placeholder {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Placeholder() {}

    /** @return null if Debezium has no placeholder for the type */
    static @Nullable Object of(Schema schema, String json) {
        try {
            return value(schema, JSON.readTree(json));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a placeholder is not JSON", e);
        }
    }

    private static @Nullable Object value(Schema schema, JsonNode json) {
        if (json.isNull()) {
            return null;
        }
        return switch (schema.type()) {
            case STRING -> json.asText();
            case BYTES -> bytes(json);
            case INT32 -> json.intValue();
            case INT64 -> json.longValue();
            case ARRAY -> {
                List<@Nullable Object> items = new ArrayList<>();
                json.forEach(item -> items.add(value(schema.valueSchema(), item)));
                yield items;
            }
            case MAP -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                json.properties().forEach(e -> map.put(e.getKey(), value(schema.valueSchema(), e.getValue())));
                yield map;
            }
            default -> throw new IllegalStateException("no placeholder of type " + schema.type());
        };
    }

    private static byte[] bytes(JsonNode base64) {
        try {
            return base64.binaryValue();
        } catch (IOException e) {
            throw new IllegalStateException("a placeholder is not base64", e);
        }
    }
}
