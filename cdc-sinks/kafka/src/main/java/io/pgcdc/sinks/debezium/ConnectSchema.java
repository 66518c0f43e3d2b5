package io.pgcdc.sinks.debezium;

import io.pgcdc.json.bytes.JsonBuffer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A schema of Kafka Connect. It lacks {@code optional} and a field's name, because they depend on where the schema is used. A part that the
 * type or the schema does not have is null or empty.
 *
 * @param type the type's name in the JSON of JsonConverter: {@code int32}, or {@code float} and {@code double}
 * @param fields the fields of a struct
 * @param keys of a map; never null in a record
 * @param items of an array, or the values of a map; they may be null in a record
 * @param parameters in their order
 * @param defaultText the default of a string
 */
public record ConnectSchema(
        String type,
        List<Field> fields,
        @Nullable ConnectSchema keys,
        @Nullable ConnectSchema items,
        @Nullable String name,
        @Nullable Integer version,
        @Nullable String doc,
        Map<String, String> parameters,
        @Nullable String defaultText) {

    /** A field of a struct. */
    public record Field(String name, boolean optional, ConnectSchema schema) {

        private String json() {
            return schema.json(optional, name);
        }
    }

    static final ConnectSchema STRING = of("string");
    static final ConnectSchema BYTES = of("bytes");
    static final ConnectSchema INT32 = of("int32");
    static final ConnectSchema INT64 = of("int64");
    static final ConnectSchema DOUBLE = of("double");

    public ConnectSchema {
        fields = List.copyOf(fields);
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }

    static ConnectSchema of(String type) {
        return of(type, List.of(), null, null);
    }

    private static ConnectSchema of(
            String type, List<Field> fields, @Nullable ConnectSchema keys, @Nullable ConnectSchema items) {
        return new ConnectSchema(type, fields, keys, items, null, null, null, Map.of(), null);
    }

    static ConnectSchema array(ConnectSchema items) {
        return of("array", List.of(), null, items);
    }

    static ConnectSchema map(ConnectSchema keys, ConnectSchema values) {
        return of("map", List.of(), keys, values);
    }

    static ConnectSchema struct(List<Field> fields) {
        return of("struct", fields, null, null);
    }

    ConnectSchema named(String newName) {
        return new ConnectSchema(type, fields, keys, items, newName, null, doc, parameters, defaultText);
    }

    ConnectSchema named(String newName, int newVersion) {
        return new ConnectSchema(type, fields, keys, items, newName, newVersion, doc, parameters, defaultText);
    }

    ConnectSchema doc(String text) {
        return new ConnectSchema(type, fields, keys, items, name, version, text, parameters, defaultText);
    }

    /**
     * Returns this schema with parameters.
     *
     * @param namesAndValues names and values, alternating
     */
    ConnectSchema parameters(String... namesAndValues) {
        Map<String, String> all = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            all.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return new ConnectSchema(type, fields, keys, items, name, version, doc, all, defaultText);
    }

    ConnectSchema withDefault(String text) {
        return new ConnectSchema(type, fields, keys, items, name, version, doc, parameters, text);
    }

    Field field(boolean optional, String field) {
        return new Field(field, optional, this);
    }

    /**
     * Returns the whole schema as JSON, in the order of JsonConverter.
     *
     * @param field the name of the field that has this schema; null if the schema is not a field's
     */
    String json(boolean optional, @Nullable String field) {
        StringBuilder json = new StringBuilder("{\"type\":\"").append(type).append('"');
        if (keys != null && items != null) {
            json.append(",\"keys\":").append(keys.json(false, null));
            json.append(",\"values\":").append(items.json(true, null));
        } else if (items != null) {
            json.append(",\"items\":").append(items.json(true, null));
        } else if (type.equals("struct")) {
            json.append(fields.stream().map(Field::json).collect(Collectors.joining(",", ",\"fields\":[", "]")));
        }
        json.append(",\"optional\":").append(optional);
        append("name", name, json);
        if (version != null) {
            json.append(",\"version\":").append(version);
        }
        append("doc", doc, json);
        if (!parameters.isEmpty()) {
            json.append(parameters.entrySet().stream()
                    .map(p -> quoted(p.getKey()) + ":" + quoted(p.getValue()))
                    .collect(Collectors.joining(",", ",\"parameters\":{", "}")));
        }
        append("default", defaultText, json);
        append("field", field, json);
        return json.append('}').toString();
    }

    private static void append(String property, @Nullable String text, StringBuilder json) {
        if (text != null) {
            json.append(",\"").append(property).append("\":").append(quoted(text));
        }
    }

    static String quoted(String text) {
        return new JsonBuffer().appendString(text).toString();
    }
}
