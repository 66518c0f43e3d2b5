package io.pgcdc.connect.record.debezium;

import io.pgcdc.sinks.object.ValueReader;
import java.util.List;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/** Makes Structs of the arrays that readers return for structs. */
final class StructReader {

    private StructReader() {}

    /** Returns the reader itself, unless its values are structs or arrays of them. */
    static ValueReader of(Schema schema, ValueReader values) {
        if (schema.type() == Schema.Type.STRUCT) {
            return (b, offset, length) -> struct(schema, values.read(b, offset, length));
        }
        if (schema.type() == Schema.Type.ARRAY && schema.valueSchema().type() == Schema.Type.STRUCT) {
            return (b, offset, length) -> structs(schema.valueSchema(), values.read(b, offset, length));
        }
        return values;
    }

    @SuppressWarnings("unchecked") // a reader of arrays makes a list of its own
    private static @Nullable Object structs(Schema schema, @Nullable Object list) {
        if (list != null) {
            ((List<@Nullable Object>) list).replaceAll(values -> struct(schema, values));
        }
        return list;
    }

    private static @Nullable Struct struct(Schema schema, @Nullable Object values) {
        if (values == null) {
            return null;
        }
        @Nullable Object[] all = (@Nullable Object[]) values;
        Struct struct = new Struct(schema);
        List<Field> fields = schema.fields();
        for (int i = 0; i < all.length; i++) {
            struct.put(fields.get(i), all[i]);
        }
        return struct;
    }
}
