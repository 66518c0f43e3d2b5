package io.pgcdc.demo;

import io.pgcdc.cli.Member;
import io.pgcdc.cli.Served;
import io.pgcdc.cli.SinkProviders;
import io.pgcdc.cli.StopSignal;
import io.pgcdc.cli.Verbosity;
import io.pgcdc.cli.config.LoadedProcess;
import io.pgcdc.demo.server.DemoServers;
import io.pgcdc.demo.shop.ShopCommand;
import io.pgcdc.pipeline.Pipeline;
import io.pgcdc.pipeline.PipelineConfig;
import io.pgcdc.pipeline.PipelineStatus;
import io.pgcdc.servers.KafkaBroker;
import io.pgcdc.servers.PgServer;
import io.pgcdc.sinks.stdout.StdoutSinkProvider;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Starts a real PostgreSQL with a small shop, and shows its changes. */
@Command(
        name = "demo",
        description = "Start a separate PostgreSQL, run a small shop in it, and show each change.",
        mixinStandardHelpOptions = true,
        subcommands = ShopCommand.class,
        sortOptions = false)
final class DemoCommand implements Callable<Integer> {

    private static final int VERSION = 18;
    private static final List<String> KAFKA_FORMATS = List.of("native", "debezium");
    private static final long SCENE_NANOS = 400_000_000;
    private static final long LOOK_NANOS = 2_000_000;

    @Option(
            names = "--changes",
            paramLabel = "N",
            defaultValue = "0",
            description = "The least number of changes; without it, only the scenes that show each kind once.")
    private long changes;

    @Option(
            names = "--keep-running",
            description =
                    "Keep database and capture running, and print the connection string for psql; Ctrl-C ends it.")
    private boolean keepRunning;

    @Option(
            names = "--http",
            arity = "0..1",
            fallbackValue = "127.0.0.1:9187",
            paramLabel = "HOST:PORT",
            description =
                    "Serve the console there (127.0.0.1:9187 if you name no place), and keep the shop open; Ctrl-C ends it.")
    private @Nullable String http;

    /** The demo's sinks. */
    enum DemoSink {
        STDOUT,
        KAFKA
    }

    @Option(
            names = "--sink",
            paramLabel = "TYPE",
            defaultValue = "stdout",
            description = "stdout (default), or kafka: also starts a broker, and shows its records: topic, key, value.")
    private DemoSink sink = DemoSink.STDOUT;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description =
                    "stdout: auto (default; compact on a terminal, else json), json (one object per line), compact."
                            + " kafka: native (default), debezium.")
    private @Nullable String format;

    @Option(
            names = "--connect",
            description =
                    "Also start Kafka and a Kafka Connect worker with pgcdc's connector, show its records, and kill the worker in between.")
    private boolean connect;

    @Mixin
    Verbosity verbosity = new Verbosity();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws SQLException, IOException, InterruptedException {
        if (changes < 0) {
            throw new ParameterException(spec.commandLine(), "--changes must be 0 or more, not " + changes);
        }
        if (sink == DemoSink.KAFKA && format != null && !KAFKA_FORMATS.contains(format.toLowerCase(Locale.ROOT))) {
            throw new ParameterException(
                    spec.commandLine(), "--format of --sink kafka is one of " + KAFKA_FORMATS + ", not " + format);
        }
        PrintWriter err = spec.commandLine().getErr();
        if (connect) {
            for (String other : List.of("--sink", "--format", "--http")) {
                if (spec.commandLine().getParseResult().hasMatchedOption(other)) {
                    throw new ParameterException(
                            spec.commandLine(), "--connect has its own records and no console; remove " + other);
                }
            }
            new ConnectDemo(spec.commandLine().getOut(), err, changes, keepRunning).run();
            return 0;
        }
        // outside the server's data, which is deleted when it stops
        Path directory = Files.createTempDirectory("cdc-demo-");
        try {
            // a wrong option is reported before anything is started
            configuration(DemoConfig.NOWHERE, directory, null);
            say(err, "starting PostgreSQL " + VERSION + (sink == DemoSink.KAFKA ? " and Kafka …" : " …"));
            try (PgServer server = DemoServers.started(() -> PgServer.start(VERSION));
                    KafkaBroker broker =
                            sink == DemoSink.KAFKA ? DemoServers.started(KafkaBroker::startGuarded) : null) {
                try (Connection connection = server.connect("postgres");
                        Statement statement = connection.createStatement()) {
                    statement.execute("CREATE DATABASE " + Shop.DATABASE);
                }
                try (Connection connection = server.connect(Shop.DATABASE)) {
                    Shop.create(connection);
                    LoadedProcess config = configuration(server.url(Shop.DATABASE), directory, broker);
                    if (broker == null) {
                        play(connection, config, "", err);
                    } else {
                        playIntoKafka(connection, config, broker, err);
                    }
                }
            }
        } finally {
            PgServer.forgetPassword();
            DemoServers.delete(directory);
        }
        return 0;
    }

    private void playIntoKafka(Connection connection, LoadedProcess config, KafkaBroker broker, PrintWriter err)
            throws SQLException, InterruptedException {
        KafkaTail tail = new KafkaTail(
                broker.clientProperties(),
                DemoConfig.PREFIX + ".",
                spec.commandLine().getOut(),
                KafkaTail::full);
        Thread showing = new Thread(tail, "kafka-tail");
        showing.setDaemon(true);
        showing.start();
        play(
                connection,
                config,
                "kcat -F " + broker.nativeClientFile() + " -C -t " + DemoConfig.PREFIX + ".user_service.users",
                err);
        tail.finish();
        showing.join();
        say(err, tail.records() + " records in Kafka, including tombstones, each committed with the position");
    }

    private void play(Connection connection, LoadedProcess loaded, String reader, PrintWriter err)
            throws SQLException, InterruptedException {
        PipelineConfig config = loaded.one().pipeline();
        Pipeline pipeline = new Pipeline(config, SinkProviders.own().create(config));
        Workload workload = new Workload(connection, pipeline, reader, err);
        workload.life.open();
        Thread life = new Thread(workload, "shop-life");
        pipeline.whenStarted(life::start);
        StopSignal.onStop(pipeline.control()::stop);
        try (Served served = new Served(loaded.server())) {
            Member member = new Member(config, pipeline);
            served.start(List.of(member), false);
            if (http != null) {
                String address = "http://" + http.replaceFirst(":0$", ":" + served.port());
                say(err, "the console: " + address);
                say(err, "its feed: curl -N '" + address + "/changes?from=beginning'");
                say(
                        err,
                        "in another terminal: cdc top --queue-dir "
                                + config.queue().dir());
            }
            member.run(false);
        }
        life.join();
        workload.rethrow();
        if (staysOpen()) {
            return;
        }
        say(err, "done: " + workload.count() + " rows and changes, all delivered and acknowledged to the server");
    }

    private boolean staysOpen() {
        return keepRunning || http != null;
    }

    private LoadedProcess configuration(String url, Path directory, @Nullable KafkaBroker broker) throws IOException {
        return sink == DemoSink.STDOUT
                ? DemoConfig.stdout(url, directory, format, http)
                : DemoConfig.kafka(
                        url,
                        directory,
                        broker == null ? Map.of("bootstrap.servers", "localhost:9092") : broker.clientProperties(),
                        format,
                        http);
    }

    private static void say(PrintWriter err, String line) {
        err.println("-- " + line);
        err.flush();
    }

    /** Runs the shop beside the capture, and tells the capture where to end. */
    private final class Workload implements Runnable {

        private final Connection connection;
        private final Pipeline pipeline;
        private final String reader;
        private final PrintWriter err;
        private final ShopLife life;
        private volatile @Nullable Exception failure;

        /** @param reader a command that shows the captured changes; may be empty */
        Workload(Connection connection, Pipeline pipeline, String reader, PrintWriter err) {
            this.connection = connection;
            this.pipeline = pipeline;
            this.reader = reader;
            this.err = err;
            this.life = new ShopLife(connection, this::tell);
        }

        /** Prints a scene. On a terminal each scene waits a moment, so that its changes appear after it. */
        private void tell(String scene) {
            if (Boolean.getBoolean(StdoutSinkProvider.TERMINAL_PROPERTY)) {
                LockSupport.parkNanos(SCENE_NANOS);
            }
            say(err, scene);
        }

        long count() {
            return life.changes();
        }

        @Override
        public void run() {
            try {
                awaitRows();
                life.play(changes);
                if (staysOpen()) {
                    say(err, "still capturing; type SQL with:");
                    err.println(Shop.psql(connection));
                    if (!reader.isEmpty()) {
                        say(err, "read it with:");
                        err.println(reader);
                    }
                    say(err, "Ctrl-C ends the demo");
                    if (http != null) {
                        life.goOn(() -> pipeline.status().state() != PipelineStatus.State.RUNNING);
                    }
                } else {
                    pipeline.control().stopWhenCaughtUp();
                }
            } catch (SQLException | RuntimeException e) {
                failure = e;
                pipeline.control().stop();
            }
        }

        /** Waits until the rows that were there are read: the stream starts after them. */
        private void awaitRows() {
            for (PipelineStatus now = pipeline.status(); !isStreaming(now); now = pipeline.status()) {
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }

        private static boolean isStreaming(PipelineStatus status) {
            PipelineStatus.Source source = status.source();
            boolean starts =
                    status.state() == PipelineStatus.State.STARTING || status.state() == PipelineStatus.State.RUNNING;
            return !starts || (source != null && source.connected());
        }

        void rethrow() {
            Exception error = failure;
            if (error != null) {
                throw new IllegalStateException("the demo's shop failed: " + error.getMessage(), error);
            }
        }
    }
}
