package io.pgcdc.connect.record;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;

/** Gives each schema that a sink registers an id, and reads what was written with it. */
final class SchemaIds implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    static {
        // else each answer waits some 40 ms for the client's acknowledgement of its head
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final List<String> texts = new CopyOnWriteArrayList<>();
    private final List<Schema> schemas = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    SchemaIds() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::register);
        server.start();
    }

    String url() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    private void register(HttpExchange exchange) throws IOException {
        String text = JSON.readTree(exchange.getRequestBody()).path("schema").asText();
        if (!texts.contains(text)) {
            schemas.add(new Schema.Parser().parse(text));
            texts.add(text);
        }
        byte[] answer = ("{\"id\":" + texts.indexOf(text) + "}").getBytes(StandardCharsets.US_ASCII);
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    /** @param written magic byte, id of the schema, and Avro */
    GenericRecord read(byte[] written) {
        Schema schema = schemas.get(ByteBuffer.wrap(written).getInt(1));
        BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(written, 5, written.length - 5, null);
        try {
            return new GenericDatumReader<GenericRecord>(schema, schema, new GenericData()).read(null, decoder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
