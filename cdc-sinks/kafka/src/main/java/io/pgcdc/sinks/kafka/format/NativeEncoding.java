package io.pgcdc.sinks.kafka.format;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.json.record.NativeFormat;
import io.pgcdc.model.Change;
import io.pgcdc.model.MessageView;
import java.nio.charset.StandardCharsets;

/** Makes native records, with the record_id as key. For one thread. */
final class NativeEncoding implements Encoding {

    private final NativeFormat format = new NativeFormat();
    private final KeyChange halves = new KeyChange();

    @Override
    public boolean appendKey(Change change, Part part, TableRecords table, JsonBuffer out) {
        return table.appendKey(halves.view(change, part), out);
    }

    @Override
    public void appendValue(Change change, Part part, TableRecords table, JsonBuffer out) {
        format.append(halves.view(change, part), out);
    }

    @Override
    public void appendKey(Change change, MessageView message, JsonBuffer out) {
        out.append(message.prefix().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void appendValue(Change change, MessageView message, JsonBuffer out) {
        format.append(change, out);
    }
}
