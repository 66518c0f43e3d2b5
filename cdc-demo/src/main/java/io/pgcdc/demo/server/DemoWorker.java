package io.pgcdc.demo.server;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.servers.KafkaBroker;
import io.pgcdc.servers.connect.ConnectRest;
import io.pgcdc.servers.connect.ConnectWorker;
import io.pgcdc.servers.connect.WorkerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

/**
 * A worker of Kafka Connect with exactly-once support and the connector of the source tree, as a process. The connector's configuration names
 * {@link #password}, so the worker tells nobody the password. For one thread.
 */
public final class DemoWorker implements AutoCloseable {

    private static final String SECRETS = "source.properties";
    private static final int LOG_LINES = 12;

    private final ConnectWorker worker;
    private final String password;

    private DemoWorker(ConnectWorker worker, String password) {
        this.worker = worker;
        this.password = password;
    }

    /**
     * Checks that the build has made what a worker needs.
     *
     * @throws SourceException MACHINE_SERVER_FAILED
     */
    public static void requireBuilt() {
        SourceTree tree = SourceTree.find();
        tree.plugins();
        tree.worker();
    }

    /**
     * Starts the process. Returns before it answers.
     *
     * @param directory of the current user alone, for a file with the password
     * @param password of the source, and of the REST interface
     * @throws SourceException MACHINE_SERVER_FAILED
     */
    public static DemoWorker launch(KafkaBroker broker, Path directory, String password) throws IOException {
        SourceTree tree = SourceTree.find();
        Path plugins = tree.plugins();
        System.setProperty(ConnectWorker.FOLDER_PROPERTY, tree.worker().toString());
        Path secrets = directory.resolve(SECRETS);
        Files.createFile(secrets, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(secrets, "password=" + password + "\n", StandardOpenOption.TRUNCATE_EXISTING);
        WorkerConfig config = WorkerConfig.of(broker, "demo")
                .guarded(password)
                .withPlugins(plugins)
                .with(Map.of(
                        "config.providers",
                        "file",
                        "config.providers.file.class",
                        "org.apache.kafka.common.config.provider.FileConfigProvider",
                        "config.providers.file.param.allowed.paths",
                        directory.toString()));
        return new DemoWorker(
                DemoServers.started(() -> ConnectWorker.launch(config)), "${file:" + secrets + ":password}");
    }

    /** Returns what a connector's configuration has for the source's password: the place of it. */
    public String password() {
        return password;
    }

    public ConnectRest rest() {
        return worker.rest();
    }

    /** Returns the address of the REST interface: {@code http://127.0.0.1:8083}. */
    public String address() {
        return "http://" + worker.id();
    }

    /** Returns the file for {@code curl -K} with the login of the REST interface. */
    public Path curlFile() {
        return worker.curlFile();
    }

    public long pid() {
        return worker.pid();
    }

    public boolean isAlive() {
        return worker.isAlive();
    }

    /** Returns true if it answers, and is a member of its group. */
    public boolean isReady() {
        return worker.rest().isHealthy();
    }

    /** Kills it with SIGKILL. */
    public void kill() {
        worker.kill();
    }

    /** Starts it again after its end, at the same address. Returns before it answers. */
    public void restart() {
        DemoServers.started(() -> {
            worker.restart();
            return worker;
        });
    }

    /** Returns the error to throw if it does not do what it should, with the end of its log. */
    public SourceException failed(String what) {
        List<String> log = worker.log().lines().toList();
        return new SourceException(
                ErrorCode.MACHINE_SERVER_FAILED,
                "the Connect worker " + what
                        + ". It needs 300 MB of memory. Run the demo again. The worker's log ends with:\n"
                        + String.join("\n", log.subList(Math.max(0, log.size() - LOG_LINES), log.size())));
    }

    @Override
    public void close() {
        worker.close();
    }
}
