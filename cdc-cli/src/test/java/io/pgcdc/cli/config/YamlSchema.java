package io.pgcdc.cli.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import io.pgcdc.sink.SinkProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;

/** What a validator of JSON Schema says of a file, with the schema that {@code cdc config schema} prints. */
final class YamlSchema {

    private static final YAMLMapper YAML = new YAMLMapper();

    private static final JsonSchema SCHEMA = schema();

    private YamlSchema() {}

    private static JsonSchema schema() {
        Map<String, SinkProvider> providers = new HashMap<>(TestSinks.ALL);
        ServiceLoader.load(SinkProvider.class).forEach(p -> providers.put(p.type(), p));
        try {
            JsonNode schema = new ObjectMapper().readTree(ConfigSchema.generate(providers.values()));
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7).getSchema(schema);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the validator's messages, in the order of their text; empty for a file that the schema accepts. */
    static Set<String> problems(String yaml) {
        try {
            Set<String> problems = new TreeSet<>();
            for (ValidationMessage message : SCHEMA.validate(YAML.readTree(yaml))) {
                problems.add(message.getMessage());
            }
            return problems;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
