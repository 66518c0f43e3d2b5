package io.pgcdc.connect.record;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Iterator;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.header.ConnectHeaders;

/**
 * Adds a format's headers, which are UTF-8 text, to a record of Kafka Connect, as strings. SimpleHeaderConverter, the default of a worker,
 * writes a string's UTF-8 bytes; it would write bytes as base64. The headers cannot be read here. For one thread.
 */
final class TextHeaders implements Headers {

    private ConnectHeaders out = new ConnectHeaders();

    /** Sets the record that gets the next headers. */
    TextHeaders into(ConnectHeaders record) {
        out = record;
        return this;
    }

    @Override
    public Headers add(Header header) {
        return add(header.key(), header.value());
    }

    @Override
    public Headers add(String key, byte[] value) {
        out.add(key, new SchemaAndValue(Schema.STRING_SCHEMA, new String(value, UTF_8)));
        return this;
    }

    @Override
    public Headers remove(String key) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Header lastHeader(String key) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Iterable<Header> headers(String key) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Header[] toArray() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Iterator<Header> iterator() {
        throw new UnsupportedOperationException();
    }
}
