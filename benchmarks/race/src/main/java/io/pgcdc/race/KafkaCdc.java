package io.pgcdc.race;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Ours: the command with a Kafka sink and default settings, from a queue that is full, or straight from the slot.
 *
 * @param sink its settings behind type and prefix, in YAML
 */
record KafkaCdc(String label, Path launcher, boolean fromQueue, String sink) implements KafkaContestant {

    @Override
    public boolean sendsChanges() {
        return true;
    }

    @Override
    public boolean readsQueue() {
        return fromQueue;
    }

    @Override
    public List<String> command(KafkaLap lap, Path directory) {
        String properties = lap.producer().entrySet().stream()
                .map(e -> e.getKey() + ": \"" + e.getValue() + "\"")
                .collect(Collectors.joining(", ", "{", "}"));
        // a name of its own: a sink that is new to the queue begins at its start
        String config = "  - {name: " + lap.prefix() + ", type: kafka, prefix: " + lap.prefix() + sink
                + ", properties: " + properties + "}\n";
        return run(launcher, lap.source(), fromQueue ? lap.queue() : directory.resolve("queue"), config, directory);
    }

    /** Only into the queue, which keeps it. */
    static List<String> fill(Path launcher, Lap source, Path queue, Path directory) {
        return run(launcher, source, queue, "  - {name: out, type: stdout, format: json}\n", directory);
    }

    private static List<String> run(Path launcher, Lap source, Path queue, String sink, Path directory) {
        String config = "source: {url: \"" + source.server().url() + "\", slot: " + source.slot() + ", publications: ["
                + source.publication() + "]}\n"
                + "queue: {dir: " + queue + ", confirm: queue, retain_bytes: 100000000000}\n"
                + "sinks:\n" + sink;
        try {
            Path file = Files.writeString(directory.resolve("cdc.yaml"), config);
            return List.of(launcher.toString(), "run", "-c", file.toString(), "--until-caught-up");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
