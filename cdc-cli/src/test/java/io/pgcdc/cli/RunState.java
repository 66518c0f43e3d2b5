package io.pgcdc.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/** What a run says of itself. Its control socket is there before it takes orders. */
final class RunState {

    private RunState() {}

    /** Returns true if a run streams from the server, and takes orders. */
    static boolean isRunning(Path queue) {
        CommandRun status = CommandRun.of(List.of("status", "--json", "--queue-dir", queue.toString()));
        String said = status.stdout().isEmpty() ? "{}" : status.stdout();
        try {
            return new ObjectMapper().readTree(said).path("state").asText().equals("running");
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
