package io.pgcdc.connect.record.debezium;

import io.pgcdc.model.Change;
import io.pgcdc.model.MessageView;
import io.pgcdc.sinks.debezium.DebeziumOptions;
import io.pgcdc.sinks.debezium.MessageShape;
import io.pgcdc.sinks.debezium.Op;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.Struct;

/** Makes the keys and values of logical messages. For one thread. */
final class MessageStructs {

    private final MessageShape shape;
    private final EnvelopeStructs.Fields envelope;
    private final Schema keySchema;
    private final Schema valueSchema;
    private final Field message;

    MessageStructs(DebeziumOptions options, EnvelopeStructs envelopes) {
        shape = new MessageShape(options.binary());
        ConnectSchemas schemas = new ConnectSchemas();
        keySchema = schemas.of(shape.keySchema(), false);
        valueSchema = schemas.of(shape.valueSchema(), false);
        message = valueSchema.field("message");
        envelope = envelopes.new Fields(valueSchema);
    }

    SchemaAndValue key(MessageView of) {
        return new SchemaAndValue(keySchema, new Struct(keySchema).put("prefix", of.prefix()));
    }

    SchemaAndValue value(Change change, MessageView of) {
        Struct value = new Struct(valueSchema);
        envelope.put(change, "", "", Op.MESSAGE.code(), value);
        value.put(
                message,
                new Struct(message.schema())
                        .put("prefix", of.prefix())
                        .put("content", shape.content(of.buffer(), of.offset(), of.length())));
        return new SchemaAndValue(valueSchema, value);
    }
}
