package io.pgcdc.race;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A few changes through each connector: the command itself counts what arrives. Nobody looks at how long it takes. */
class ConnectSpeedIT {

    private static String measured(String... arguments) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = System.out;
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            assertEquals(0, ConnectSpeed.commandLine().execute(arguments));
        } finally {
            System.setOut(out);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    @Tag("soak")
    void eachConnectorSendsTheWholeBacklog() {
        String table = measured("--scale=0.004", "--rounds=1", "--warm-up=0");
        for (RecordForm form : RecordForm.values()) {
            for (String label : List.of("ready records, ", "pgcdc, ")) {
                assertTrue(table.contains("| " + label + form.label() + " |"), table);
            }
        }
        assertTrue(table.contains("| Debezium's connector |"), table);
    }

    @Test
    @Tag("soak")
    void aWorkerWithoutExactlyOnceSupportLosesNothing() {
        String table = measured(
                "--scale=0.004", "--rounds=1", "--warm-up=0", "--at-least-once", "--contestant=ready-native,debezium");
        assertTrue(table.contains("| Debezium's connector |"), table);
    }

    @Test
    void badArgumentsAreNamed() {
        for (String argument : List.of(
                "--contestant=none",
                "--contestant=ready-bytes:batch=1",
                "--contestant=pgcdc-native:headers",
                "--rounds=0")) {
            assertEquals(2, ConnectSpeed.commandLine().execute(argument), argument);
        }
    }
}
