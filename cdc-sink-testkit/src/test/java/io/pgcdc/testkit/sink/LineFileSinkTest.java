package io.pgcdc.testkit.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.SinkException;
import io.pgcdc.sink.Durability;
import io.pgcdc.sink.Sink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineFileSinkTest {

    private static final Path SINK = Path.of("../cdc-api/src/main/java/io/pgcdc/sink/Sink.java");
    private static final Path EXAMPLE = Path.of("src/test/java/io/pgcdc/testkit/sink/LineFileSink.java");

    @TempDir
    Path directory;

    @Test
    void linesFollowEachOtherOverRestarts() throws IOException {
        Path file = directory.resolve("lines");
        try (Sink sink = new LineFileSink(file)) {
            assertEquals(
                    Durability.ACCEPTED,
                    sink.write(new TestChanges(1).insert("1", "a").truncate().batch()));
            assertEquals(Durability.DURABLE, sink.flush());
        }
        try (Sink sink = new LineFileSink(file)) {
            sink.write(new TestChanges(2).insert("2", "b").batch());
        }
        assertEquals(List.of("0/100:0 INSERT", "0/100:1 TRUNCATE", "0/200:0 INSERT"), Files.readAllLines(file));
    }

    @Test
    void aFileThatCannotBeWrittenIsTriedAgain() throws IOException {
        Sink sink = new LineFileSink(directory.resolve("lines"));
        sink.close();
        assertThrows(
                SinkException.class,
                () -> sink.write(new TestChanges(1).insert("1", "a").batch()));
    }

    /** The Javadoc of {@link Sink} shows what is tested here. */
    @Test
    void theExampleInTheContractIsThisSink() throws IOException {
        String shown = Files.readString(SINK);
        shown = shown.substring(shown.indexOf("<pre>{@code"), shown.indexOf("}</pre>"));
        String code = shown.lines()
                .skip(1)
                .map(line -> line.replaceFirst("^ \\*", ""))
                .collect(Collectors.joining("\n"));
        for (String method : code.split("(?=public Durability)")) {
            assertTrue(method.isBlank() || squeezed(EXAMPLE).contains(spaceless(method)), method);
        }
        assertTrue(code.contains("write(Batch batch)") && code.contains("flush()"), code);
    }

    private static String squeezed(Path file) throws IOException {
        return spaceless(Files.readString(file));
    }

    private static String spaceless(String code) {
        return Pattern.compile("\\s+").matcher(code).replaceAll("");
    }
}
