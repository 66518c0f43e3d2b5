package io.pgcdc.race;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** PostgreSQL's own client: it writes what COPY sends. */
final class PsqlCopy implements Contestant {

    private static final String NAME = "psql";

    @Override
    public String label() {
        return "psql COPY";
    }

    @Override
    public String version() {
        return Programs.firstLine(NAME, "--version");
    }

    @Override
    public boolean isPresent() {
        return Programs.isPresent(NAME);
    }

    /** The publication has its table's name. */
    @Override
    public List<String> drain(Lap lap, Path directory) {
        return List.of(
                NAME,
                "--no-psqlrc",
                "--host=" + lap.server().host(),
                "--port=" + lap.server().port(),
                "--username=" + lap.server().user(),
                "--dbname=" + lap.server().database(),
                "--command=COPY race." + lap.publication() + " TO STDOUT");
    }

    @Override
    public Seen check(Path stdout, Path stderr) {
        try (Stream<String> lines = Files.lines(stdout)) {
            return new Seen(lines.count(), -1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean showsBeats() {
        return false;
    }

    @Override
    public List<String> follow(Lap lap, Path directory) {
        throw new IllegalStateException("it ends with the rows");
    }
}
