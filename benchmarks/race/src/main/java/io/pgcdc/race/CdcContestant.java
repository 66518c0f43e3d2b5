package io.pgcdc.race;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Ours: the command as anyone starts it. */
abstract class CdcContestant implements Contestant {

    final Path launcher;

    CdcContestant(Path launcher) {
        this.launcher = launcher;
    }

    @Override
    public String version() {
        return Programs.firstLine(launcher.toString(), "--version");
    }

    @Override
    public boolean isPresent() {
        return Files.isExecutable(launcher);
    }

    /** The command that runs this configuration. */
    List<String> run(Path directory, String configuration) {
        try {
            Path file = Files.writeString(directory.resolve("cdc.yaml"), configuration);
            return List.of(launcher.toString(), "run", "-c", file.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
