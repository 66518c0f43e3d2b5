package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.nio.file.Path;
import java.util.Set;

/** docs/reference/status.schema.json, which a status must meet. */
final class StatusSchema {

    private static final JsonSchema SCHEMA = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(Path.of("..", "docs", "reference", "status.schema.json").toUri());

    private StatusSchema() {}

    static void check(JsonNode status) {
        assertEquals(Set.of(), SCHEMA.validate(status), status.toPrettyString());
    }
}
