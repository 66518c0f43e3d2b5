package io.pgcdc.connect.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PropertyReferenceTest {

    private static final Path COMMITTED = Path.of("..", "docs", "reference", "connect-properties.md");

    private static final String AGAIN =
            "./mvnw -pl cdc-connect -am test -Dtest=PropertyReferenceTest -Dsurefire.failIfNoSpecifiedTests=false -Dpgcdc.rewrite=true";

    @Test
    void theCommittedReferenceIsTheGeneratedOne() throws IOException {
        String generated = PropertyReference.generate();
        if (Boolean.getBoolean("pgcdc.rewrite")) {
            Files.writeString(COMMITTED, generated);
        }
        String committed = Files.exists(COMMITTED) ? Files.readString(COMMITTED) : "";
        assertEquals(
                generated, committed, "docs/reference/connect-properties.md is out of date; make it again: " + AGAIN);
    }
}
