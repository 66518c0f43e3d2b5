package io.pgcdc.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.sink.SinkProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class ConfigReferenceTest {

    private static final Path COMMITTED = Path.of("..", "docs", "reference", "configuration.md");

    private static final String AGAIN =
            "./mvnw -pl cdc-cli -am test -Dtest=ConfigReferenceTest -Dsurefire.failIfNoSpecifiedTests=false -Dpgcdc.rewrite=true";

    @Test
    void theCommittedReferenceIsTheGeneratedOne() throws IOException {
        List<SinkProvider> providers = ServiceLoader.load(SinkProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
        String generated = ConfigReference.generate(providers);
        if (Boolean.getBoolean("pgcdc.rewrite")) {
            Files.createDirectories(COMMITTED.resolveSibling(""));
            Files.writeString(COMMITTED, generated);
        }
        String committed = Files.exists(COMMITTED) ? Files.readString(COMMITTED) : "";
        assertEquals(generated, committed, "docs/reference/configuration.md is out of date; make it again: " + AGAIN);
    }

    @Test
    void sinksOfProvidersAreListedByType() {
        String generated = ConfigReference.generate(TestSinks.ALL.values());
        assertTrue(generated.indexOf("## Sinks of `type: stdout`") < generated.indexOf("## Sinks of `type: web`"));
        assertTrue(generated.contains("| `format` | choice | `json` | one of json, text | How a change is written. |"));
        assertTrue(generated.contains("| `target` | text | required |  | Where to. |"));
        assertTrue(generated.contains("| `max_lines` | integer | `5` | 1 to 10 | Lines \\| at most. |"));
    }
}
