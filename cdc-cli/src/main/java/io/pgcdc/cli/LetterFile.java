package io.pgcdc.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import io.pgcdc.queue.disk.QueueDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The dead letters of one sink: a file of lines (docs/reference/queue-format.md). One thread. */
record LetterFile(String sink, Path file) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String END = ".jsonl";

    /** A line, and what it says. */
    record Letter(String sink, String line, JsonNode content) {

        /** Returns the position of the change, which names the letter. */
        String id() {
            return content.path("record").path("position").asText();
        }
    }

    /** Returns the files of a queue, in the order of the sinks' names. */
    static List<LetterFile> of(Path queue) {
        Path directory = queue.resolve("dead-letters");
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(END))
                    .sorted()
                    .map(file -> {
                        String name = String.valueOf(file.getFileName());
                        return new LetterFile(name.substring(0, name.length() - END.length()), file);
                    })
                    .toList();
        } catch (IOException e) {
            throw unreadable(directory, e);
        }
    }

    /** Returns the letters, the oldest first. Leaves out a line that a crash left incomplete. A run may add lines meanwhile. */
    List<Letter> letters() {
        List<Letter> letters = new ArrayList<>();
        try {
            for (String line : Files.readString(file).split("\n")) {
                try {
                    JsonNode content = JSON.readTree(line);
                    if (content.isObject()) {
                        letters.add(new Letter(sink, line, content));
                    }
                } catch (JsonProcessingException e) {
                    // incomplete
                }
            }
            return letters;
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** Replaces the letters, durably. */
    void write(QueueDirectory locked, List<Letter> letters) {
        StringBuilder text = new StringBuilder();
        letters.forEach(letter -> text.append(letter.line()).append('\n'));
        locked.replaceDeadLetters(sink, text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static QueueException unreadable(Path path, IOException e) {
        return new QueueException(
                ErrorCode.QUEUE_IO,
                "the dead letters cannot be read or written: " + e + "; " + path + ". Check the disk.",
                e);
    }
}
