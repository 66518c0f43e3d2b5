package io.pgcdc.demo.shop;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;

/** The files of {@code examples/shop}, which the build puts on the class path. */
final class ShopFiles {

    private ShopFiles() {}

    /**
     * Returns the configuration.
     *
     * @param client properties of a client of Kafka, if events go through it; else empty
     */
    static String config(Map<String, String> client) {
        return client.isEmpty()
                ? read("cdc.yaml")
                : read("kafka.yaml")
                        .replace(
                                "properties: {bootstrap.servers: \"${env:SHOP_KAFKA}\"}",
                                client.entrySet().stream()
                                        .map(p -> p.getKey() + ": '" + p.getValue() + "'")
                                        .collect(Collectors.joining(", ", "properties: {", "}")));
    }

    /** Returns the text of a file. */
    static String read(String name) {
        try (InputStream file = ShopFiles.class.getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalStateException(name + " is not on the class path");
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
