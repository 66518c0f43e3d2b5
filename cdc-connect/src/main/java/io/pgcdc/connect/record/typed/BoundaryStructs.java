package io.pgcdc.connect.record.typed;

import io.pgcdc.model.Lsn;
import io.pgcdc.sinks.avro.AvroBoundaries;
import io.pgcdc.sinks.avro.AvroOptions;
import io.pgcdc.sinks.kafka.format.TransactionCounts;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.Struct;

/** Makes the keys and values of transaction boundaries. For one thread. */
final class BoundaryStructs {

    private final Schema keySchema;
    private final Schema valueSchema;

    BoundaryStructs(AvroOptions options) {
        AvroBoundaries avro = new AvroBoundaries(options);
        AvroToConnect schemas = new AvroToConnect();
        keySchema = schemas.of(avro.keySchema());
        valueSchema = schemas.of(avro.valueSchema());
    }

    /** Returns the key, in the text form of the JSON format: 0/1A2B3C8, or 0/1A2B3C8@1 in epoch 1. */
    SchemaAndValue key(TransactionCounts transaction) {
        String lsn = Lsn.toString(transaction.commitLsn());
        String text = transaction.epoch() == 0 ? lsn : lsn + "@" + transaction.epoch();
        return new SchemaAndValue(keySchema, new Struct(keySchema).put("commit_lsn", text));
    }

    SchemaAndValue value(TransactionCounts transaction, boolean end) {
        Struct value = new Struct(valueSchema)
                .put("status", end ? "END" : "BEGIN")
                .put("commit_lsn", Lsn.toString(transaction.commitLsn()))
                .put("epoch", transaction.epoch())
                .put("xid", Integer.toUnsignedLong(transaction.xid()))
                .put("changed_at", transaction.commitTimeMicros());
        if (end) {
            value.put("record_count", transaction.records()).put("tables", tables(transaction));
        }
        return new SchemaAndValue(valueSchema, value);
    }

    private List<Struct> tables(TransactionCounts transaction) {
        Schema schema = valueSchema.field("tables").schema().valueSchema();
        List<Struct> tables = new ArrayList<>();
        transaction
                .counts()
                .forEach((table, count) ->
                        tables.add(new Struct(schema).put("table", table).put("record_count", count)));
        return tables;
    }
}
