package io.pgcdc.sinks.debezium;

import io.pgcdc.json.bytes.JsonBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A schema of Kafka Connect in the JSON of its JsonConverter, without {@code optional} and {@code field}, which depend on its
 * place.
 *
 * @param type {@code "type":"int32"}, followed by the parts of the type
 * @param rest {@code ,"name":…,"version":…}, or empty
 */
record ConnectSchema(String type, String rest) {

    static final ConnectSchema STRING = of("string");
    static final ConnectSchema BYTES = of("bytes");
    static final ConnectSchema INT32 = of("int32");
    static final ConnectSchema INT64 = of("int64");
    static final ConnectSchema DOUBLE = of("double");

    static ConnectSchema of(String type) {
        return new ConnectSchema("\"type\":\"" + type + "\"", "");
    }

    static ConnectSchema array(ConnectSchema items) {
        return new ConnectSchema("\"type\":\"array\",\"items\":" + items.json(true, null), "");
    }

    static ConnectSchema map(ConnectSchema keys, ConnectSchema values) {
        return new ConnectSchema(
                "\"type\":\"map\",\"keys\":" + keys.json(false, null) + ",\"values\":" + values.json(true, null), "");
    }

    /** @param fields each a schema with its place */
    static ConnectSchema struct(List<String> fields) {
        return new ConnectSchema("\"type\":\"struct\",\"fields\":[" + String.join(",", fields) + "]", "");
    }

    ConnectSchema named(String name) {
        return new ConnectSchema(type, ",\"name\":" + quoted(name));
    }

    ConnectSchema named(String name, int version) {
        return new ConnectSchema(type, ",\"name\":" + quoted(name) + ",\"version\":" + version);
    }

    ConnectSchema doc(String doc) {
        return new ConnectSchema(type, rest + ",\"doc\":" + quoted(doc));
    }

    /** @param namesAndValues names and values, alternating */
    ConnectSchema parameters(String... namesAndValues) {
        StringBuilder json = new StringBuilder(rest).append(",\"parameters\":{");
        for (int i = 0; i < namesAndValues.length; i += 2) {
            json.append(i == 0 ? "" : ",")
                    .append(quoted(namesAndValues[i]))
                    .append(':')
                    .append(quoted(namesAndValues[i + 1]));
        }
        return new ConnectSchema(type, json.append('}').toString());
    }

    ConnectSchema withDefault(String text) {
        return new ConnectSchema(type, rest + ",\"default\":" + quoted(text));
    }

    /** @param field the name of the schema's field, or null if it has none */
    String json(boolean optional, @Nullable String field) {
        return "{" + type + ",\"optional\":" + optional + rest + (field == null ? "" : ",\"field\":" + quoted(field))
                + "}";
    }

    static String quoted(String text) {
        return new JsonBuffer().appendString(text).toString();
    }
}
