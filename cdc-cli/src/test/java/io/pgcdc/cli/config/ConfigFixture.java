package io.pgcdc.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pgcdc.error.ConfigException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A working directory, a home and an environment of its own, and {@code cdc.yaml} in it. */
final class ConfigFixture {

    /** The example of the documentation. */
    static final String EXAMPLE = """
            source: {url: "postgresql://cdc@localhost:5432/shop", slot: shop_cdc, publications: [users_pub, orders_pub]}
            queue:  {dir: ./queue, confirm: sinks}
            sinks:
              - {name: out, type: stdout}
            """;

    final Path directory;
    final Map<String, String> variables = new HashMap<>();

    ConfigFixture(Path directory) {
        this.directory = directory;
    }

    Environment environment() {
        return new Environment(variables, "osuser", directory.resolve("home"), directory);
    }

    Path write(String name, String content) {
        try {
            Path path = directory.resolve(name);
            Files.createDirectories(path.resolveSibling(""));
            return Files.writeString(path, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    LoadedConfig load(String yaml) {
        return load(yaml, Flags.NONE);
    }

    /** @param yaml null: flags alone */
    LoadedConfig load(@Nullable String yaml, Flags flags) {
        return process(yaml, flags).one();
    }

    /** @param yaml null: flags alone */
    LoadedProcess process(@Nullable String yaml, Flags flags) {
        if (yaml != null) {
            write("cdc.yaml", yaml);
        }
        return ConfigLoader.load(yaml == null ? null : Path.of("cdc.yaml"), flags, environment(), TestSinks.ALL);
    }

    /** The lines of the exception after the first, which must give their number. */
    List<String> problems(@Nullable String yaml, Flags flags) {
        return problems(assertThrows(ConfigException.class, () -> load(yaml, flags)));
    }

    List<String> problems(String yaml) {
        return problems(yaml, Flags.NONE);
    }

    static List<String> problems(ConfigException e) {
        List<String> lines = String.valueOf(e.getMessage()).lines().toList();
        int count = lines.size() - 1;
        assertEquals(count + (count == 1 ? " problem" : " problems") + " in the configuration:", lines.get(0));
        return lines.subList(1, lines.size()).stream().map(String::strip).toList();
    }
}
