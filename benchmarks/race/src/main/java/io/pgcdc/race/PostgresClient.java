package io.pgcdc.race;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A client of PostgreSQL's own. */
abstract class PostgresClient implements Contestant {

    private final String program;

    PostgresClient(String program) {
        this.program = program;
    }

    @Override
    public String version() {
        return Programs.firstLine(program, "--version");
    }

    @Override
    public boolean isPresent() {
        return Programs.isPresent(program);
    }

    @Override
    public List<String> drain(Lap lap, Path directory) {
        List<String> command = new ArrayList<>(List.of(
                program,
                "--host=" + lap.server().host(),
                "--port=" + lap.server().port(),
                "--username=" + lap.server().user(),
                "--dbname=" + lap.server().database()));
        command.addAll(options(lap));
        return command;
    }

    /** What it is to do. */
    abstract List<String> options(Lap lap);
}
