package io.pgcdc.cli.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class JulLogTest {

    /** Logs as pgjdbc does, in a process of its own: the JDK configures its logging once. */
    static final class Program {

        private Program() {}

        public static void main(String[] arguments) {
            LogOutput.start(LogSettings.of(List.of(arguments), LogLevel.INFO));
            Logger.getLogger("org.postgresql.Driver").severe("of a driver");
            Logger.getLogger("com.example.Plugin").warning("of a plugin");
            Logger.getLogger("org.postgresql.Driver").warning("less than an error of a driver");
        }
    }

    @Test
    void whatTheJdksLoggingGetsIsInTheLog() throws Exception {
        Process process = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Program.class.getName(),
                        "--log-format",
                        "json")
                .redirectErrorStream(true)
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), text);
        List<String> lines = text.lines().toList();
        assertEquals(2, lines.size(), text);
        assertTrue(
                lines.get(0).endsWith("\"level\":\"error\",\"component\":\"Driver\",\"message\":\"of a driver\"}"),
                text);
        assertTrue(
                lines.get(1).endsWith("\"level\":\"warn\",\"component\":\"Plugin\",\"message\":\"of a plugin\"}"),
                text);
    }
}
