package io.pgcdc.connect.record.debezium;

import io.pgcdc.sinks.debezium.ConnectSchema;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;

/**
 * Makes Kafka Connect's own schemas. Equal schemas are one object, so that a Struct that is put into another is compared with its field's schema by
 * identity. For one thread.
 */
final class ConnectSchemas {

    private record Use(ConnectSchema schema, boolean optional) {}

    private final Map<Use, Schema> made = new HashMap<>();

    Schema of(ConnectSchema schema, boolean optional) {
        Use use = new Use(schema, optional);
        Schema known = made.get(use);
        if (known == null) {
            known = build(schema, optional);
            made.put(use, known);
        }
        return known;
    }

    private Schema build(ConnectSchema schema, boolean optional) {
        SchemaBuilder builder = builder(schema);
        if (optional) {
            builder.optional();
        }
        if (schema.name() != null) {
            builder.name(schema.name());
        }
        if (schema.version() != null) {
            builder.version(schema.version());
        }
        if (schema.doc() != null) {
            builder.doc(schema.doc());
        }
        schema.parameters().forEach(builder::parameter);
        if (schema.defaultText() != null) {
            builder.defaultValue(schema.defaultText());
        }
        return builder.build();
    }

    private SchemaBuilder builder(ConnectSchema schema) {
        ConnectSchema keys = schema.keys();
        ConnectSchema items = schema.items();
        if (items != null) {
            Schema ofItems = of(items, true);
            return keys == null ? SchemaBuilder.array(ofItems) : SchemaBuilder.map(of(keys, false), ofItems);
        }
        return switch (schema.type()) {
            case "boolean" -> SchemaBuilder.bool();
            case "int16" -> SchemaBuilder.int16();
            case "int32" -> SchemaBuilder.int32();
            case "int64" -> SchemaBuilder.int64();
            case "float" -> SchemaBuilder.float32();
            case "double" -> SchemaBuilder.float64();
            case "string" -> SchemaBuilder.string();
            case "bytes" -> SchemaBuilder.bytes();
            case "struct" -> {
                SchemaBuilder struct = SchemaBuilder.struct();
                schema.fields().forEach(f -> struct.field(f.name(), of(f.schema(), f.optional())));
                yield struct;
            }
            default -> throw new IllegalStateException("no schema of type " + schema.type());
        };
    }
}
