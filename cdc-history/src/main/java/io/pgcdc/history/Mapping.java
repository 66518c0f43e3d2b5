package io.pgcdc.history;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import io.pgcdc.history.Change.Operation;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says where a tool's records have what: a JSON pointer (RFC 6901) by field.
 *
 * @param pointers by field: position, operation, schema, table, key, old, new, unchanged
 * @param strict true: no two changes have the same position, and a repeat is the same line
 */
public record Mapping(Map<String, JsonPointer> pointers, boolean strict) {

    /** pgcdc's own records. */
    public static final Mapping PGCDC = new Mapping(
            pointers("position=/position,operation=/change_type,schema=/schema_name,table=/table_name,key=/record_id,"
                    + "old=/old_data,new=/new_data,unchanged=/unchanged_toast"),
            true);

    /** Debezium's envelope, with or without its schema. */
    public static final Mapping DEBEZIUM = new Mapping(
            pointers(
                    "position=/source/sequence,operation=/op,schema=/source/schema,table=/source/table,old=/before,new=/after"),
            false);

    private static final Set<String> FIELDS =
            Set.of("position", "operation", "schema", "table", "key", "old", "new", "unchanged");

    /** What Debezium writes for a value that the server did not send. */
    private static final String UNAVAILABLE = "__debezium_unavailable_value";

    public Mapping {
        pointers = Map.copyOf(pointers);
    }

    /**
     * Returns this mapping with other pointers. Several changes may then have one position.
     *
     * @param text {@code position=/lsn,operation=/kind,…}
     * @throws IllegalArgumentException with what is wrong
     */
    public Mapping with(String text) {
        Map<String, JsonPointer> all = new LinkedHashMap<>(pointers);
        all.putAll(pointers(text));
        for (String field : all.keySet()) {
            if (!FIELDS.contains(field)) {
                throw new IllegalArgumentException("unknown field " + field + "; the fields are "
                        + String.join(", ", FIELDS.stream().sorted().toList()));
            }
        }
        return new Mapping(all, false);
    }

    private static Map<String, JsonPointer> pointers(String text) {
        Map<String, JsonPointer> pointers = new LinkedHashMap<>();
        for (String pair : text.split(",", -1)) {
            int equals = pair.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("\"" + pair + "\" is no FIELD=/JSON/POINTER");
            }
            pointers.put(
                    pair.substring(0, equals).strip(),
                    JsonPointer.compile(pair.substring(equals + 1).strip()));
        }
        return pointers;
    }

    /**
     * Returns the change; null if the line is none: a tombstone, a message, a heartbeat.
     *
     * @throws IllegalArgumentException it cannot be read
     */
    @Nullable
    Change read(String line) {
        JsonNode whole = Json.parse(line);
        JsonNode record = whole.has("payload") && whole.has("schema") ? whole.path("payload") : whole;
        JsonNode operation = at(record, "operation");
        Operation what = operation == null ? null : operation(operation.asText());
        JsonNode position = at(record, "position");
        if (what == null) {
            return null;
        }
        if (position == null) {
            throw new IllegalArgumentException("there is no position at " + pointers.get("position"));
        }
        JsonNode schema = at(record, "schema");
        JsonNode table = at(record, "table");
        JsonNode key = at(record, "key");
        JsonNode after = at(record, "new");
        return new Change(
                Place.of(position),
                position.isValueNode() ? position.asText() : position.toString(),
                what,
                (schema == null ? "" : schema.asText() + ".") + (table == null ? "" : table.asText()),
                key == null ? null : key.isValueNode() ? key.asText() : key.toString(),
                at(record, "old"),
                after,
                unchanged(at(record, "unchanged"), after));
    }

    private @Nullable JsonNode at(JsonNode record, String field) {
        JsonPointer pointer = pointers.get(field);
        JsonNode found = pointer == null ? null : record.at(pointer);
        return found == null || found.isMissingNode() || found.isNull() ? null : found;
    }

    private static Set<String> unchanged(@Nullable JsonNode named, @Nullable JsonNode after) {
        Set<String> columns = new HashSet<>();
        if (named != null) {
            named.forEach(column -> columns.add(column.asText()));
        }
        if (after != null) {
            for (Map.Entry<String, JsonNode> column : after.properties()) {
                if (column.getValue().isTextual()
                        && column.getValue().textValue().equals(UNAVAILABLE)) {
                    columns.add(column.getKey());
                }
            }
        }
        return columns;
    }

    private static @Nullable Operation operation(String text) {
        return switch (text.toUpperCase(Locale.ROOT)) {
            case "INSERT", "I", "C", "CREATE" -> Operation.INSERT;
            case "UPDATE", "U" -> Operation.UPDATE;
            case "DELETE", "D" -> Operation.DELETE;
            case "TRUNCATE", "T" -> Operation.TRUNCATE;
            case "READ", "R" -> Operation.READ;
            case "MESSAGE", "M", "SCHEMA", "BEGIN", "COMMIT", "RECONCILE" -> null;
            default ->
                throw new IllegalArgumentException(
                        "\"" + text
                                + "\" is no operation: it may be INSERT, UPDATE, DELETE, TRUNCATE, READ or their first letter, or c for an insert");
        };
    }
}
