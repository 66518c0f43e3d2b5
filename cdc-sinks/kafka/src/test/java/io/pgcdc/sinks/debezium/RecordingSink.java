package io.pgcdc.sinks.debezium;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.model.Change;
import io.pgcdc.model.Relation;
import io.pgcdc.sink.Batch;
import io.pgcdc.sink.Durability;
import io.pgcdc.sink.Sink;
import java.util.ArrayList;
import java.util.List;

/** Keeps the records that a sink would send. */
final class RecordingSink implements Sink {

    final List<KeyedRecord> records = new ArrayList<>();
    private final DebeziumFormat format;
    private final String messageTopic;

    RecordingSink(DebeziumOptions options) {
        format = new DebeziumFormat(options);
        messageTopic = options.prefix() + ".message";
    }

    @Override
    public Durability write(Batch batch) {
        batch.forEach(change -> {
            if (format.isKeyChange(change)) {
                add(change, true, Op.DELETE);
                add(change, false, Op.CREATE);
            } else {
                add(change, false, DebeziumFormat.op(change.kind()));
            }
        });
        return Durability.DURABLE;
    }

    private void add(Change change, boolean old, Op op) {
        Relation relation = change.relation();
        JsonBuffer key = new JsonBuffer();
        JsonBuffer value = new JsonBuffer();
        boolean keyed = format.appendKey(change, old, key);
        format.appendValue(change, op, value);
        records.add(new KeyedRecord(
                relation == null ? messageTopic : format.topic(relation),
                keyed ? key.toString() : null,
                value.toString()));
    }

    @Override
    public Durability flush() {
        return Durability.DURABLE;
    }

    @Override
    public void close() {}
}
