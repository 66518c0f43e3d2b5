package io.pgcdc.race;

import java.nio.file.Path;
import java.util.List;

/** PostgreSQL's own reader: it writes what it gets and decodes nothing. */
final class PgRecvlogical implements Contestant {

    private static final String NAME = "pg_recvlogical";

    @Override
    public String label() {
        return NAME;
    }

    @Override
    public String version() {
        return Programs.firstLine(NAME, "--version");
    }

    @Override
    public boolean isPresent() {
        return Programs.isPresent(NAME);
    }

    @Override
    public List<String> drain(Lap lap, Path directory) {
        return List.of(
                NAME,
                "--host=" + lap.server().host(),
                "--port=" + lap.server().port(),
                "--username=" + lap.server().user(),
                "--dbname=" + lap.server().database(),
                "--slot=" + lap.slot(),
                "--start",
                "--no-loop",
                "--endpos=" + lap.endLsn(),
                "--option=proto_version=1",
                "--option=publication_names=" + lap.publication(),
                "--file=-");
    }

    /** Each message and a line end: as many bytes as whoever counts them gets. */
    @Override
    public Seen check(Path stdout, Path stderr) {
        return new Seen(-1, stdout.toFile().length());
    }

    @Override
    public boolean showsBeats() {
        return false;
    }

    @Override
    public List<String> follow(Lap lap, Path directory) {
        throw new IllegalStateException("its output is not lines");
    }
}
