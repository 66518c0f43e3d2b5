package io.pgcdc.race;

import java.nio.file.Path;
import java.util.List;

/** PostgreSQL's own reader: it writes what it gets and decodes nothing. */
final class PgRecvlogical extends PostgresClient {

    private static final String NAME = "pg_recvlogical";

    PgRecvlogical() {
        super(NAME);
    }

    @Override
    public String label() {
        return NAME;
    }

    @Override
    List<String> options(Lap lap) {
        return List.of(
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
}
