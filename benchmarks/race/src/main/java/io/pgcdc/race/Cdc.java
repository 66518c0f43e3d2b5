package io.pgcdc.race;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Ours: the command as anyone starts it, slot → durable queue → stdout sinks in JSON, default settings. */
final class Cdc extends CdcContestant {

    private final int sinks;
    private final boolean metrics;

    /** @param metrics true: with its HTTP server, which nobody asks */
    Cdc(Path launcher, int sinks, boolean metrics) {
        super(launcher);
        this.sinks = sinks;
        this.metrics = metrics;
    }

    @Override
    public String label() {
        return (sinks == 1 ? "cdc" : "cdc, " + sinks + " sinks") + (metrics ? ", metrics" : "");
    }

    @Override
    public List<String> drain(Lap lap, Path directory) {
        List<String> command = new ArrayList<>(follow(lap, directory));
        command.add("--until-caught-up");
        return command;
    }

    @Override
    public List<String> follow(Lap lap, Path directory) {
        List<String> command = new ArrayList<>(reads(lap, directory));
        if (metrics) {
            command.addAll(List.of("--http", "127.0.0.1:0"));
        }
        return command;
    }

    private List<String> reads(Lap lap, Path directory) {
        Path queue = directory.resolve("queue");
        if (sinks == 1) {
            return List.of(
                    launcher.toString(),
                    "run",
                    "--source",
                    lap.server().url(),
                    "--slot",
                    lap.slot(),
                    "--publication",
                    lap.publication(),
                    "--queue-dir",
                    queue.toString(),
                    "--sink",
                    "stdout",
                    "--format",
                    "json");
        }
        StringBuilder config = new StringBuilder()
                .append("source: {url: \"")
                .append(lap.server().url())
                .append("\", slot: ")
                .append(lap.slot())
                .append(", publications: [")
                .append(lap.publication())
                .append("]}\n")
                .append("queue: {dir: ")
                .append(queue)
                .append("}\n")
                .append("sinks:\n");
        for (int i = 1; i <= sinks; i++) {
            config.append("  - {name: out").append(i).append(", type: stdout, format: json}\n");
        }
        return run(directory, config.toString());
    }

    /** Counts lines; with one sink their positions must strictly increase. */
    @Override
    public Seen check(Path stdout, Path stderr) {
        long lines = 0;
        String last = "";
        try (BufferedReader reader = Files.newBufferedReader(stdout)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines++;
                String position = line.substring(line.indexOf(":\"") + 2, line.indexOf("\",", 12));
                if (sinks == 1 && compare(last, position) >= 0) {
                    throw new IllegalStateException("position " + position + " behind " + last);
                }
                last = position;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Seen(lines / sinks, -1);
    }

    private static int compare(String one, String other) {
        long[] left = numbers(one);
        long[] right = numbers(other);
        int commit = Long.compareUnsigned(left[0], right[0]);
        return commit != 0 ? commit : Long.compare(left[1], right[1]);
    }

    /** Commit LSN and ordinal. */
    private static long[] numbers(String position) {
        if (position.isEmpty()) {
            return new long[] {0, -1};
        }
        int slash = position.indexOf('/');
        int colon = position.indexOf(':');
        long high = Long.parseLong(position.substring(0, slash), 16);
        long low = Long.parseLong(position.substring(slash + 1, colon), 16);
        return new long[] {high << 32 | low, Long.parseLong(position.substring(colon + 1))};
    }

    @Override
    public boolean showsBeats() {
        return sinks == 1;
    }
}
