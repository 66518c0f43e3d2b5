package io.pgcdc.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.net.URI;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The schema for editors refuses what pgcdc refuses. {@link DocumentedYamlTest} shows that it accepts what pgcdc accepts. */
class ConfigSchemaTest {

    private static final String SOURCE =
            "source: {url: \"postgresql://u@h/d\", slot: s, publications: [p]}\nqueue: {dir: q}\n";

    @TempDir
    Path directory;

    @Test
    void theExampleIsAccepted() {
        assertEquals(Set.of(), YamlSchema.problems(ConfigFixture.EXAMPLE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sources: {}\n",
                "sinks: [{name: a, type: stdout, colour: never}]\n",
                "sinks: [{name: a, type: stdouts}]\n",
                "sinks: [{type: stdout}]\n",
                "sinks: [{name: a, type: stdout, prefix: p}]\n",
                "sinks: [{name: a, type: kafka, prefix: p}]\n",
                "sinks: [{name: a, type: kafka, prefix: p, properties: {bootstrap.servers: \"b:1\"}, skip: [nothing]}]\n",
                "sinks: [{name: a, type: feed, on_failure: stop_sink}]\n",
                "sinks: {name: a}\n",
                "sinks: [{name: a, type: stdout}]\nsnapshot: sometimes\n",
                "sinks: [{name: a, type: stdout}]\nsnapshot: {parallel: 65}\n",
                "sinks: [{name: a, type: stdout}]\nmax_row_bytes: much\n",
                "sinks: [{name: a, type: stdout}]\nhttp: {rows: maybe}\n",
                "pipelines: [{name: a, slot: b}]\n"
            })
    void wrongFilesAreRefused(String wrong) {
        String yaml = wrong.startsWith("pipelines") ? wrong : SOURCE + wrong;
        assertFalse(new ConfigFixture(directory).problems(yaml).isEmpty(), yaml);
        assertFalse(YamlSchema.problems(yaml).isEmpty(), yaml);
    }

    @Test
    void referencesMayStandForEachValue() {
        assertEquals(Set.of(), YamlSchema.problems("""
                        source: {url: "${file:/run/url}", slot: "${env:SLOT}", create_slot: "${env:NEW}"}
                        queue: {dir: q, gather_ms: "${env:MS}", confirm: "${env:CONFIRM}"}
                        """));
    }

    @Test
    void theSchemaIsOneAndSaysWhatSettingsMean() throws Exception {
        JsonNode schema = new ObjectMapper().readTree(ConfigSchema.generate(TestSinks.ALL.values()));
        assertEquals(
                Set.of(),
                JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7)
                        .getSchema(URI.create("http://json-schema.org/draft-07/schema#"))
                        .validate(schema));
        JsonNode gather = schema.at("/properties/queue/properties/gather_ms");
        assertEquals(20, gather.get("default").asInt());
        assertEquals(1_000, gather.at("/anyOf/0/maximum").asInt());
        assertTrue(
                gather.get("description").asText().startsWith("Longest time that small transactions wait"),
                gather::toString);
    }
}
