package io.pgcdc.sinks.kafka.format;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.model.Change;
import io.pgcdc.model.MessageView;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Keys and values as the bytes of an {@link Encoding}, in two buffers that are used again. For one thread. */
final class EncodedContents implements Contents<JsonBuffer> {

    private final Encoding encoding;
    private final JsonBuffer key = new JsonBuffer();
    private final JsonBuffer value = new JsonBuffer();

    EncodedContents(Encoding encoding) {
        this.encoding = encoding;
    }

    private JsonBuffer emptyKey() {
        key.clear();
        return key;
    }

    private JsonBuffer emptyValue() {
        value.clear();
        return value;
    }

    @Override
    public boolean changesKey(Change update, TableRecords table) {
        return encoding.changesKey(update, table);
    }

    @Override
    public @Nullable JsonBuffer key(Change change, Part part, TableRecords table) {
        return encoding.appendKey(change, part, table, emptyKey()) ? key : null;
    }

    @Override
    public JsonBuffer tableKey(TableRecords table) {
        return emptyKey().append(table.name().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public boolean appendKeyInHeader(Change change, Part part, TableRecords table, JsonBuffer out) {
        return encoding.appendKeyInHeader(change, part, table, out);
    }

    @Override
    public JsonBuffer value(Change change, Part part, TableRecords table) {
        encoding.appendValue(change, part, table, emptyValue());
        return value;
    }

    @Override
    public JsonBuffer key(Change change, MessageView message) {
        encoding.appendKey(change, message, emptyKey());
        return key;
    }

    @Override
    public JsonBuffer value(Change change, MessageView message) {
        encoding.appendValue(change, message, emptyValue());
        return value;
    }

    @Override
    public List<Header> headers() {
        return encoding.headers();
    }

    @Override
    public void placeIn(TransactionCounts transaction, long ofTable) {
        encoding.placeIn(transaction, ofTable);
    }

    @Override
    public void placeNowhere() {
        encoding.placeNowhere();
    }

    @Override
    public JsonBuffer boundaryKey(TransactionCounts transaction) {
        encoding.appendBoundaryKey(transaction, emptyKey());
        return key;
    }

    @Override
    public JsonBuffer boundary(TransactionCounts transaction, boolean end) {
        encoding.appendBoundary(transaction, end, emptyValue());
        return value;
    }
}
