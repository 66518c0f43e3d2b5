package io.pgcdc.race;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Ours: {@code cdc run} with {@code snapshot: only}, tables → durable queue → stdout in JSON, otherwise default settings. */
final class CdcSnapshot implements Contestant {

    private final Path launcher;
    private final int connections;

    CdcSnapshot(Path launcher, int connections) {
        this.launcher = launcher;
        this.connections = connections;
    }

    @Override
    public String label() {
        return connections == 1 ? "cdc, one connection" : "cdc, " + connections + " connections";
    }

    @Override
    public String version() {
        return Programs.firstLine(launcher.toString(), "--version");
    }

    @Override
    public boolean isPresent() {
        return Files.isExecutable(launcher);
    }

    @Override
    public List<String> drain(Lap lap, Path directory) {
        String config = "source: {url: \"" + lap.server().url() + "\", slot: " + lap.slot() + ", publications: ["
                + lap.publication() + "], create_slot: true}\n"
                + "queue: {dir: " + directory.resolve("queue") + "}\n"
                + "snapshot: {mode: only, parallel: " + connections + "}\n"
                + "sinks: [{name: out, type: stdout, format: json}]\n";
        try {
            Path file = Files.writeString(directory.resolve("cdc.yaml"), config);
            return List.of(launcher.toString(), "run", "-c", file.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Seen check(Path stdout, Path stderr) {
        try (Stream<String> lines = Files.lines(stdout)) {
            return new Seen(
                    lines.filter(line -> line.contains("\"change_type\":\"READ\""))
                            .count(),
                    -1);
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
