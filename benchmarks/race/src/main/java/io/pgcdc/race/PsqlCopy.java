package io.pgcdc.race;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** PostgreSQL's own client: it writes what COPY sends. */
final class PsqlCopy extends PostgresClient {

    PsqlCopy() {
        super("psql");
    }

    @Override
    public String label() {
        return "psql COPY";
    }

    /** The publication has its table's name. */
    @Override
    List<String> options(Lap lap) {
        return List.of("--no-psqlrc", "--command=COPY race." + lap.publication() + " TO STDOUT");
    }

    @Override
    public Seen check(Path stdout, Path stderr) {
        try (Stream<String> lines = Files.lines(stdout)) {
            return new Seen(lines.count(), -1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
