package io.pgcdc.error;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/reference/errors.md is made from {@link ErrorCode}. */
class ErrorReferenceTest {

    private static final Path PAGE = Path.of("").toAbsolutePath().getParent().resolve("docs/reference/errors.md");

    @Test
    void thePageSaysWhatTheCodeSays() throws IOException {
        if (Boolean.getBoolean("pgcdc.rewrite")) {
            Files.writeString(PAGE, page());
        }
        assertEquals(
                page(),
                Files.readString(PAGE),
                "re-make it: ./mvnw -pl cdc-engine test -Dtest=ErrorReferenceTest -Dpgcdc.rewrite=true");
    }

    @Test
    void noNumberStandsForTwoErrors() {
        long distinct = Arrays.stream(ErrorCode.values())
                .mapToInt(ErrorCode::number)
                .distinct()
                .count();
        assertEquals(ErrorCode.values().length, distinct);
    }

    private static String page() {
        return """
                # Errors

                Every error is printed on stderr as `CDC-nnn what happened; where; what to do`. The numbers are stable: scripts may match
                them. `--verbose` adds the stack trace.

                Ranges: 0xx configuration, 1xx source server, slot and publication, 2xx stream and decoding, 3xx values, 4xx queue,
                5xx sinks, 6xx this machine (the demo), 9xx defects of pgcdc itself. Trying again: *no* means that a person must change something first; *pause* that
                the cause may pass; *reconnect* that a new start continues from the last checkpoint.

                | code | what | trying again |
                |---|---|---|
                """
                + Arrays.stream(ErrorCode.values())
                        .map(code -> "| " + code + " | " + code.title() + " | " + again(code.retry()) + " |\n")
                        .collect(Collectors.joining())
                + """

                Exit codes of `cdc`: 0 done, or stopped by SIGTERM or SIGINT; 1 failed with an error of this page; 2 wrong usage or
                configuration (0xx); 141 the reader of standard output is gone.
                """;
    }

    private static String again(Retry retry) {
        return switch (retry) {
            case NEVER -> "no";
            case BACKOFF -> "pause";
            case RECONNECT -> "reconnect";
        };
    }
}
