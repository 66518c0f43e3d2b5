package io.pgcdc.race;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A few changes into a broker: cdc fills the queue and sends what the others' records are measured by, and they start; the command itself counts
 * what comes. What it took is not looked at.
 */
class KafkaSpeedIT {

    private static final Path ROOT = Path.of(System.getProperty("pgcdc.root"));

    private static String measured(String... arguments) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = System.out;
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            assertEquals(0, KafkaSpeed.commandLine().execute(arguments));
        } finally {
            System.setOut(out);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    @Tag("soak")
    void eachSendsTheWholeBacklog() throws Exception {
        // the launcher builds when it finds no mark of a build; here the build has just come past the packages it looks
        // for
        Files.writeString(ROOT.resolve("cdc-cli/target/dist/built"), "");
        String table = measured(
                "--scale=0.002",
                "--rounds=1",
                "--warm-up=0",
                "--contestant=debezium,perf-transactions",
                "--cdc=" + ROOT.resolve("cdc"));
        for (String label : List.of("Debezium engine", "perf test, transactions")) {
            assertTrue(table.contains("| " + label + " |"), table);
        }
    }

    @Test
    void badArgumentsAreNamed() {
        assertEquals(2, KafkaSpeed.commandLine().execute("--contestant", "none"));
        assertEquals(2, KafkaSpeed.commandLine().execute("--contestant", "perf:headers=false"));
        assertEquals(2, KafkaSpeed.commandLine().execute("--rounds", "0"));
    }
}
