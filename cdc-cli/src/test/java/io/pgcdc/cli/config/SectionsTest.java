package io.pgcdc.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.ConfigException;
import io.pgcdc.model.TablePattern;
import io.pgcdc.sink.SinkProvider;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A setting that is a list of mappings, as users write it: a projection's mappings. */
class SectionsTest {

    private static final String FILE = """
            source: {url: "postgresql://cdc@localhost:5432/shop", slot: s, publications: [p], create_slot: true}
            queue: {dir: ./queue}
            sinks:
              - name: models
                type: projection
                url: postgresql://cdc@localhost/reports
            """;

    private static final String MAPPINGS = """
                mappings:
                  - tables: [shop.commands]
                    table: shop.commands
                  - {tables: [shop.events], table: shop.models, columns: [id, "data||=data", "mail?=data->>'mail'"], key: [id],
                     where: "new.kind != 'x'"}
            """;

    @TempDir
    Path directory;

    private LoadedConfig load(String more) {
        Map<String, SinkProvider> providers = new HashMap<>();
        ServiceLoader.load(SinkProvider.class).forEach(p -> providers.put(p.type(), p));
        ConfigFixture fixture = new ConfigFixture(directory);
        fixture.write("cdc.yaml", FILE + more);
        return ConfigLoader.load(Path.of("cdc.yaml"), Flags.NONE, fixture.environment(), providers)
                .one();
    }

    private String problem(String more) {
        ConfigException e = assertThrows(ConfigException.class, () -> load(more));
        return String.join("\n", ConfigFixture.problems(e));
    }

    @Test
    void elementsAreReadAndShown() {
        LoadedConfig loaded = load(MAPPINGS);
        assertEquals(
                List.of(TablePattern.parse("shop.commands"), TablePattern.parse("shop.events")),
                loaded.pipeline().sinks().get(0).route().tables(),
                "a snapshot reads no others for the sink");
        String view = ConfigView.render(new LoadedProcess(List.of(loaded), false, null, loaded.top()));
        assertTrue(view.contains("""
                    mappings:  # cdc.yaml:8
                      - tables: [shop.commands]
                        table: shop.commands
                      - tables: [shop.events]
                        where: "new.kind != 'x'"
                        table: shop.models
                        columns: [id, "data||=data", "mail?=data->>'mail'"]
                        key: [id]
                """), view);
    }

    @Test
    void theTablesOfTheSinkCountIfTheyAreGiven() {
        LoadedConfig loaded = load(MAPPINGS + "    tables: [\"shop.*\"]\n");
        assertEquals(
                List.of(TablePattern.parse("shop.*")),
                loaded.pipeline().sinks().get(0).route().tables());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "mappings: [] ~ mappings is empty; write a list, each element with keys of its own",
                "mappings: [a, b] ~ mappings is a list of texts; write a list, each element with keys of its own",
                "mappings: a ~ mappings is a value; write a list, each element with keys of its own",
                "mappings: {table: a.b} ~ mappings is a mapping; write a list, each element with keys of its own",
                "mappings: [{table: a.b}, c] ~ an element of sinks[0].mappings is a value; write a mapping, as the first one",
                "mappings: [{tabel: a.b}] ~ unknown key \"tabel\" under sinks[0].mappings[0]; did you mean \"table\"?",
                "mappings: [{table: a}] ~ sinks[0].mappings[0].table is \"a\"; write schema.table",
                "mappings: [{table: a.b}, {table: a.c, key: [x], columns: [y]}] ~ element 2: key names a column that is not in columns",
                "mappings: [{schema: a}, {schema: b}] ~ several elements without table",
                "mappings: [{table: a.b}]\\n    key: [x] ~ key has no effect beside mappings",
                "mappings: [{table: a.b, where: new.a = 1}] ~ CEL has == for =",
                "mappings: [{table: a.b, columns: [id, \"id||=x\"], key: [id]}] ~ names a column twice",
                "mappings: [{table: a.b, columns: [\"id||=x\"], key: [id]}] ~ merges id, which key or newer_by names",
                "mappings: [{table: a.b, columns: [\"x|=y\"]}] ~ columns is \"x|=y\"; write name, name=source",
                "columns: [{a: b}] ~ columns is a list of mappings; write a list of column",
                "mappings: [{table: a.b, table: a.c}] ~ key \"table\" is used twice",
            })
    void aWrongElementIsNamed(String setting, String message) {
        String problem = problem("    " + setting.replace("\\n", "\n") + "\n");
        assertTrue(problem.contains(message), problem);
    }
}
