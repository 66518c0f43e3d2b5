package io.pgcdc.connect.record.debezium;

import io.pgcdc.sinks.debezium.TransactionFormat;
import io.pgcdc.sinks.kafka.format.TransactionCounts;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.Struct;

/** Makes the keys and values of transaction boundaries. For one thread. */
final class BoundaryStructs {

    private static final long MICROS_PER_MILLI = 1_000;

    private final Schema keySchema;
    private final Schema valueSchema;

    BoundaryStructs() {
        ConnectSchemas schemas = new ConnectSchemas();
        keySchema = schemas.of(TransactionFormat.KEY_SCHEMA, false);
        valueSchema = schemas.of(TransactionFormat.VALUE_SCHEMA, false);
    }

    SchemaAndValue key(String id) {
        return new SchemaAndValue(keySchema, new Struct(keySchema).put("id", id));
    }

    SchemaAndValue value(String id, TransactionCounts transaction, boolean end) {
        Struct value = new Struct(valueSchema)
                .put("status", end ? "END" : "BEGIN")
                .put("id", id)
                .put("ts_ms", Math.floorDiv(transaction.commitTimeMicros(), MICROS_PER_MILLI));
        if (end) {
            value.put("event_count", transaction.records()).put("data_collections", tables(transaction));
        }
        return new SchemaAndValue(valueSchema, value);
    }

    private List<Struct> tables(TransactionCounts transaction) {
        Schema schema = valueSchema.field("data_collections").schema().valueSchema();
        List<Struct> tables = new ArrayList<>();
        transaction
                .counts()
                .forEach((table, count) -> tables.add(
                        new Struct(schema).put("data_collection", table).put("event_count", count)));
        return tables;
    }
}
