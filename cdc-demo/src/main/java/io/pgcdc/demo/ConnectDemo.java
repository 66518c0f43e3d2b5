package io.pgcdc.demo;

import io.pgcdc.cli.StopSignal;
import io.pgcdc.demo.server.DemoServers;
import io.pgcdc.demo.server.DemoWorker;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The shop with pgcdc's connector in a Kafka Connect worker, which is killed while the shop sells. PostgreSQL, broker and worker are processes
 * that end with the demo.
 */
final class ConnectDemo {

    private static final int VERSION = 18;

    /** Changes before the worker's death, while it is dead, and after. */
    private static final int SALES = 12;

    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(3);
    private static final long LOOK_NANOS = 50_000_000;
    private static final int LOOKS_A_REQUEST = 10;
    private static final long SCENE_NANOS = 400_000_000;

    private final PrintWriter out;
    private final PrintWriter err;
    private final long atLeast;
    private final boolean keepRunning;
    private final NativeRecords once = new NativeRecords();
    private volatile boolean stopped;

    /**
     * @param out gets the records
     * @param err gets what happens
     * @param atLeast the least number of changes
     */
    ConnectDemo(PrintWriter out, PrintWriter err, long atLeast, boolean keepRunning) {
        this.out = out;
        this.err = err;
        this.atLeast = atLeast;
        this.keepRunning = keepRunning;
    }

    /** Ends a wait after a signal. */
    private static final class Stopped extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /** A question. */
    private interface Condition {
        boolean holds() throws SQLException;
    }

    /** Runs it. Returns early after a signal. */
    void run() throws SQLException, IOException, InterruptedException {
        DemoWorker.requireBuilt();
        StopSignal.onStop(() -> stopped = true);
        Path directory = Files.createTempDirectory("cdc-demo-");
        try {
            say("starting PostgreSQL " + VERSION + ", Kafka and a Kafka Connect worker …");
            try (PgServer server = DemoServers.started(() -> PgServer.start(VERSION));
                    KafkaBroker broker = DemoServers.started(KafkaBroker::startGuarded);
                    DemoWorker worker = DemoWorker.launch(broker, directory, PgServer.password())) {
                play(server, broker, worker);
            }
        } catch (Stopped e) {
            say("stopped before the end");
        } finally {
            PgServer.forgetPassword();
            DemoServers.delete(directory);
        }
    }

    private void play(PgServer server, KafkaBroker broker, DemoWorker worker)
            throws SQLException, InterruptedException, Stopped {
        try (Connection connection = server.connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + Shop.DATABASE);
        }
        try (Connection connection = server.connect(Shop.DATABASE)) {
            Shop.create(connection);
            ShopLife life = new ShopLife(connection, this::scene);
            life.open();
            KafkaTail tail = new KafkaTail(broker.clientProperties(), ShopConnector.PREFIX + ".", out, this::line);
            Thread showing = new Thread(tail, "kafka-tail");
            showing.setDaemon(true);
            showing.start();
            try {
                Stage stage = new Stage(server, broker, worker, life, connection);
                stage.play();
            } finally {
                tail.finish();
                showing.join();
            }
            tail.records(); // reports why it ended early
        }
    }

    /** What the acts have in common. */
    private final class Stage {

        private final PgServer server;
        private final KafkaBroker broker;
        private final DemoWorker worker;
        private final ShopConnector connector;
        private final ShopLife life;
        private final Connection connection;

        Stage(PgServer server, KafkaBroker broker, DemoWorker worker, ShopLife life, Connection connection) {
            this.server = server;
            this.broker = broker;
            this.worker = worker;
            this.connector = new ShopConnector(worker);
            this.life = life;
            this.connection = connection;
        }

        void play() throws SQLException, Stopped {
            await("did not answer", worker::isReady);
            say("the worker's REST interface: " + worker.address());
            say("PUT /connectors/" + ShopConnector.NAME + "/config creates the connector");
            connector.put(server.url(Shop.DATABASE));
            awaitRecords();
            life.play(atLeast);
            awaitRecords();
            dieAndComeBack();
            verdict();
            if (keepRunning) {
                stayOpen();
            } else {
                say("./cdc demo --connect --keep-running keeps it running, and prints commands");
                say("for your own database and worker: docs/how-to/connect.md");
            }
        }

        private void dieAndComeBack() throws SQLException, Stopped {
            say("the shop sells, and the worker is killed (SIGKILL, process " + worker.pid() + ")");
            life.sell(SALES);
            worker.kill();
            life.sell(SALES);
            say("the shop sold on without it; the slot keeps the changes for the next worker");
            restart();
            life.sell(SALES);
            awaitRecords();
        }

        private void restart() throws SQLException, Stopped {
            worker.restart();
            await("did not answer after its restart", worker::isReady);
            say("a worker runs again (process " + worker.pid() + "): it continues after the last offset");
        }

        /** Waits until consumers see each change. */
        private void awaitRecords() throws SQLException, Stopped {
            await("did not deliver all changes", () -> once.changes() >= life.changes());
        }

        private void await(String what, Condition condition) throws SQLException, Stopped {
            long begin = System.nanoTime();
            for (int looks = 1; !condition.holds(); looks++) {
                if (stopped) {
                    throw new Stopped();
                }
                if (!worker.isAlive()) {
                    throw worker.failed("ended");
                }
                String failure = looks % LOOKS_A_REQUEST == 0 ? connector.failure() : null;
                if (failure != null) {
                    throw worker.failed("has a connector that failed (" + failure + ")");
                }
                if (System.nanoTime() - begin > LONGEST_NANOS) {
                    throw worker.failed(what + " in 3 minutes");
                }
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }

        private void verdict() throws SQLException, Stopped {
            if (once.repeated() + once.outOfOrder() > 0) {
                throw new SourceException(
                        ErrorCode.INTERNAL,
                        once.repeated() + " records came twice, " + once.outOfOrder()
                                + " out of order. Report it with the demo's output.");
            }
            say("done: " + life.changes() + " rows and changes, each once in Kafka, each key in order");
            String slot = "FROM pg_replication_slots WHERE slot_name = '" + Shop.SLOT + "'";
            String all = "SELECT confirmed_flush_lsn >= '" + server.ask("SELECT pg_current_wal_lsn()") + "' " + slot;
            await("did not confirm the slot", () -> server.ask(all).equals("t"));
            say("what Kafka Connect keeps (GET /connectors/" + ShopConnector.NAME + "/offsets):");
            connector.offsets().forEach(line -> err.println("     " + line));
            say("the slot follows it: its confirmed_flush_lsn is " + server.ask("SELECT confirmed_flush_lsn " + slot));
        }

        private void stayOpen() throws SQLException, Stopped {
            say("still capturing; ask the worker, in another terminal:");
            connector.commands().forEach(err::println);
            say("type SQL with:");
            err.println(Shop.psql(connection));
            say("read it with:");
            err.println(
                    "kcat -F " + broker.nativeClientFile() + " -C -t " + ShopConnector.PREFIX + ".user_service.users");
            say("kill -9 " + worker.pid() + " kills the worker; the demo starts another");
            say("Ctrl-C ends the demo");
            while (!stopped) {
                if (!worker.isAlive()) {
                    restart();
                }
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }
    }

    private String line(ConsumerRecord<byte[], byte[]> record) {
        once.see(record);
        return KafkaTail.columns() == Integer.MAX_VALUE ? KafkaTail.full(record) : NativeRecords.brief(record);
    }

    /** Prints a scene. On a terminal each scene waits a moment, so that its changes appear after it. */
    private void scene(String text) {
        if (Boolean.getBoolean(StdoutSinkProvider.TERMINAL_PROPERTY)) {
            LockSupport.parkNanos(SCENE_NANOS);
        }
        say(text);
    }

    private void say(String line) {
        err.println("-- " + line);
        err.flush();
    }
}
