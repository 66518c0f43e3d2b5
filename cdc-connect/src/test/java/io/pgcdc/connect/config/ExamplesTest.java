package io.pgcdc.connect.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgcdc.connect.PostgresSourceConnector;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.connect.runtime.distributed.DistributedConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Configurations in examples and documents pass the connector's own checks. */
class ExamplesTest {

    private static final Path ROOT = Path.of("..");
    private static final Path EXAMPLES = ROOT.resolve("examples/connect");
    private static final String OURS = PostgresSourceConnector.class.getName();
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Pattern BLOCK =
            Pattern.compile("^```(json|properties)\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);

    private static Stream<Path> examples() throws IOException {
        return files(EXAMPLES, ".json").stream();
    }

    private static List<Path> files(Path folder, String end) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(f -> f.toString().endsWith(end)).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void anExampleIsAConnectorsConfiguration(Path example) throws IOException {
        check(json(Files.readString(example)), example.toString());
    }

    @Test
    void thereIsAnExampleOfEachKind() throws IOException {
        List<ConnectorConfig> all = new ArrayList<>();
        for (Path example : examples().toList()) {
            all.add(ConnectorConfig.parse(json(Files.readString(example))));
        }
        assertEquals(4, all.size());
        assertTrue(all.stream().anyMatch(c -> c.sources().size() == 3));
        assertTrue(all.stream().anyMatch(c -> c.sources().get(0).isBytes()));
    }

    @Test
    void theExampleOfAWorkerHasExactlyOnceSupport() throws IOException {
        Map<String, String> worker = properties(Files.readString(EXAMPLES.resolve("worker.properties")));
        worker.remove("config.providers"); // its folder exists on a worker only
        assertTrue(new DistributedConfig(worker).exactlyOnceSourceEnabled());
    }

    @Test
    void documentsPrintWhatIsRight() throws IOException {
        int checked = 0;
        for (Path document : files(ROOT.resolve("docs"), ".md")) {
            Matcher block = BLOCK.matcher(Files.readString(document));
            while (block.find()) {
                Map<String, String> printed =
                        block.group(1).equals("json") ? json(block.group(2)) : properties(block.group(2));
                if (OURS.equals(printed.get("connector.class"))) {
                    check(printed, document + ": " + block.group());
                    checked++;
                }
            }
        }
        assertTrue(checked > 0, "docs/how-to/connect.md has a configuration");
    }

    private static void check(Map<String, String> properties, String where) {
        assertEquals(OURS, properties.get("connector.class"), where);
        assertEquals(List.of(), ConnectorConfig.parse(properties).notices(), where);
        for (String converter : List.of("key.converter", "value.converter")) {
            String name = properties.get(converter);
            assertTrue(name == null || exists(name), () -> where + ": " + name);
        }
    }

    private static boolean exists(String name) {
        try {
            Class.forName(name);
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    private static Map<String, String> json(String text) throws IOException {
        Map<String, String> properties = new HashMap<>();
        JSON.readTree(text)
                .properties()
                .forEach(property ->
                        properties.put(property.getKey(), property.getValue().asText()));
        return properties;
    }

    private static Map<String, String> properties(String text) throws IOException {
        Properties read = new Properties();
        try (Reader reader = new StringReader(text)) {
            read.load(reader);
        }
        Map<String, String> properties = new HashMap<>();
        read.stringPropertyNames().forEach(name -> properties.put(name, read.getProperty(name)));
        return properties;
    }
}
