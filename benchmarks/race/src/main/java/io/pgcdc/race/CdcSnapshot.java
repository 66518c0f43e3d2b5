package io.pgcdc.race;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Ours: {@code cdc run} with {@code snapshot: only}, tables → durable queue → stdout in JSON, otherwise default settings. */
final class CdcSnapshot extends CdcContestant {

    private final int connections;

    CdcSnapshot(Path launcher, int connections) {
        super(launcher);
        this.connections = connections;
    }

    @Override
    public String label() {
        return connections == 1 ? "cdc, one connection" : "cdc, " + connections + " connections";
    }

    @Override
    public List<String> drain(Lap lap, Path directory) {
        String config = "source: {url: \"" + lap.server().url() + "\", slot: " + lap.slot() + ", publications: ["
                + lap.publication() + "], create_slot: true}\n"
                + "queue: {dir: " + directory.resolve("queue") + "}\n"
                + "snapshot: {mode: only, parallel: " + connections + "}\n"
                + "sinks: [{name: out, type: stdout, format: json}]\n";
        return run(directory, config);
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
}
