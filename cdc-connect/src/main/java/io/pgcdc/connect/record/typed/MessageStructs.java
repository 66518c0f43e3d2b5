package io.pgcdc.connect.record.typed;

import io.pgcdc.model.Change;
import io.pgcdc.model.MessageView;
import io.pgcdc.sinks.avro.AvroMessages;
import io.pgcdc.sinks.avro.AvroOptions;
import java.util.Arrays;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.Struct;

/** Makes the keys and values of logical messages. For one thread. */
final class MessageStructs {

    private final Schema keySchema;
    private final Schema valueSchema;
    private final Head head;

    MessageStructs(AvroOptions options) {
        AvroMessages avro = new AvroMessages(options);
        AvroToConnect schemas = new AvroToConnect();
        keySchema = schemas.of(avro.keySchema());
        valueSchema = schemas.of(avro.valueSchema());
        head = new Head(valueSchema);
    }

    SchemaAndValue key(MessageView message) {
        return new SchemaAndValue(keySchema, new Struct(keySchema).put("prefix", message.prefix()));
    }

    SchemaAndValue value(Change change, MessageView message) {
        int offset = message.offset();
        Struct value = new Struct(valueSchema)
                .put("prefix", message.prefix())
                .put("content", Arrays.copyOfRange(message.buffer(), offset, offset + message.length()))
                .put("transactional", message.transactional());
        head.put(change, value);
        return new SchemaAndValue(valueSchema, value);
    }
}
