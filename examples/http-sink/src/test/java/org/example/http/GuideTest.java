package org.example.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The guide shows the code that the build compiles and runs. */
class GuideTest {

    private static final Path GUIDE = Path.of("../../docs/how-to/own-sink.md");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "src/main/java/org/example/http/HttpSink.java",
                "src/main/java/org/example/http/HttpSinkProvider.java",
                "src/test/java/org/example/http/HttpSinkTest.java"
            })
    void theGuideShowsTheFileAsItIs(String file) throws IOException {
        String code = Files.readString(Path.of(file));
        assertTrue(Files.readString(GUIDE).contains("```java\n" + code + "```\n"), file + " differs");
    }

    @ParameterizedTest
    @ValueSource(strings = "src/main/resources/META-INF/services/io.pgcdc.sink.SinkProvider")
    void theGuideNamesTheProvider(String file) throws IOException {
        String line = Files.readString(Path.of(file)).strip();
        assertEquals(
                1,
                Files.readAllLines(GUIDE).stream()
                        .filter(l -> l.strip().equals(line))
                        .count());
    }
}
