package io.pgcdc.demo.shop;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The files of {@code examples/shop}, which the build puts on the class path. */
final class ShopFiles {

    private ShopFiles() {}

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
