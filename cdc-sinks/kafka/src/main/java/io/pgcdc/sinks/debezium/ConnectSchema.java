package io.pgcdc.sinks.debezium;

import io.pgcdc.json.bytes.JsonBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A schema of Kafka Connect, in the JSON of its JsonConverter. It lacks {@code optional} and {@code field}, because they depend on
 * where the schema is used.
 *
 * @param type JSON of the type: {@code "type":"int32"}, followed by the parts of a type that has some
 * @param rest JSON of the other properties: {@code ,"name":…,"version":…}; may be empty
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

    /**
     * Returns the schema of a struct.
     *
     * @param fields the JSON of each field, from {@link #json}
     */
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

    /**
     * Returns this schema with parameters.
     *
     * @param namesAndValues names and values, alternating
     */
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

    /**
     * Returns the whole schema as JSON.
     *
     * @param field the name of the field that has this schema; null if the schema is not a field's
     */
    String json(boolean optional, @Nullable String field) {
        return "{" + type + ",\"optional\":" + optional + rest + (field == null ? "" : ",\"field\":" + quoted(field))
                + "}";
    }

    static String quoted(String text) {
        return new JsonBuffer().appendString(text).toString();
    }
}
