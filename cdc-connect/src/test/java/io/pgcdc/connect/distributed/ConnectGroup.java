package io.pgcdc.connect.distributed;

import io.pgcdc.servers.KafkaBroker;
import io.pgcdc.servers.connect.ConnectRest;
import io.pgcdc.servers.connect.ConnectWorker;
import io.pgcdc.servers.connect.WorkerConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/** Real distributed workers with exactly-once support and the packaged connector, on a real broker. */
final class ConnectGroup implements AutoCloseable {

    private final KafkaBroker broker = KafkaBroker.shared();
    private final WorkerConfig config;
    private final List<ConnectWorker> workers = new ArrayList<>();

    private ConnectGroup(WorkerConfig config) {
        this.config = config;
    }

    /** Starts workers. */
    static ConnectGroup start(int workers) {
        ConnectGroup group = new ConnectGroup(WorkerConfig.of(KafkaBroker.shared(), "group-" + UUID.randomUUID())
                .withPlugins(plugins()));
        for (int i = 0; i < workers; i++) {
            group.workers.add(ConnectWorker.launch(group.config));
        }
        group.awaitReady();
        return group;
    }

    /** Returns the folder that the build has made for {@code plugin.path}. */
    private static Path plugins() {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(target(), "pgcdc-connect-*-plugin")) {
            return found.iterator().next();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path target() {
        return Path.of(Objects.requireNonNull(System.getProperty("pgcdc.root"), "pgcdc.root"), "cdc-connect/target");
    }

    /** Starts workers that do not run, and waits for all. */
    void awaitReady() {
        workers.stream().filter(worker -> !worker.isAlive()).forEach(ConnectWorker::restart);
        workers.forEach(ConnectWorker::awaitReady);
    }

    List<ConnectWorker> workers() {
        return workers;
    }

    KafkaBroker broker() {
        return broker;
    }

    String id() {
        return config.group();
    }

    /** Returns the REST interface of a worker that runs. */
    ConnectRest rest() {
        return workers.stream()
                .filter(ConnectWorker::isAlive)
                .findFirst()
                .orElseThrow()
                .rest();
    }

    /** Returns the REST interface of another worker than this one. */
    ConnectRest restWithout(ConnectWorker worker) {
        return workers.stream()
                .filter(other -> other != worker && other.isAlive())
                .findFirst()
                .orElseThrow()
                .rest();
    }

    /** Returns the worker that has the first task of a connector. */
    ConnectWorker owner(String connector) {
        String id =
                rest().status(connector).path("tasks").path(0).path("worker_id").asText();
        return workers.stream()
                .filter(worker -> worker.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no worker is " + id));
    }

    /** Writes the workers' logs into a folder of the module's build folder, for whoever looks for the cause of a fault. */
    void keepLogs(String name) {
        Path folder = target().resolve(name);
        try {
            Files.createDirectories(folder);
            for (int i = 0; i < workers.size(); i++) {
                Files.writeString(
                        folder.resolve("worker-" + i + ".log"), workers.get(i).log());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        workers.forEach(ConnectWorker::close);
    }
}
