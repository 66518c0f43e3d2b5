package io.pgcdc.demo.shop;

import io.pgcdc.cli.Member;
import io.pgcdc.cli.PipelineGroup;
import io.pgcdc.cli.Served;
import io.pgcdc.cli.SinkProviders;
import io.pgcdc.cli.StopSignal;
import io.pgcdc.cli.Verbosity;
import io.pgcdc.cli.config.ConfigLoader;
import io.pgcdc.cli.config.Environment;
import io.pgcdc.cli.config.Flags;
import io.pgcdc.cli.config.LoadedConfig;
import io.pgcdc.cli.config.LoadedProcess;
import io.pgcdc.demo.server.DemoServers;
import io.pgcdc.pipeline.Pipeline;
import io.pgcdc.servers.KafkaBroker;
import io.pgcdc.servers.PgServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Starts services with databases of their own, and keeps them consistent with the pipelines of {@code examples/shop}. */
@Command(
        name = "shop",
        description = {
            "Run a shop of services with databases of their own, kept consistent by cdc alone: sagas, two-phase commit, outbox"
                    + " and inbox, read models, change logs.",
            "The SQL and the cdc.yaml are in examples/shop; docs/explanation/patterns.md explains them."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class ShopCommand implements Callable<Integer> {

    private static final int VERSION = 18;

    /** A host and a port up to 65535. */
    private static final Pattern ADDRESS =
            Pattern.compile(".+:(\\d{1,4}|[1-5]\\d{4}|6[0-4]\\d{3}|65[0-4]\\d{2}|655[0-2]\\d|6553[0-5])");

    private static final int USERS_BEFORE = 4;
    private static final int USERS_AFTER = 8;
    private static final long SEED = 42;
    private static final long LOOK_NANOS = 20_000_000;
    private static final long PAUSE_NANOS = 25_000_000;

    @Option(
            names = "--orders",
            paramLabel = "N",
            defaultValue = "60",
            description = "How many orders the customers write (default: ${DEFAULT-VALUE}).")
    private int orders;

    @Option(
            names = "--kafka",
            description =
                    "Send the services' events through a Kafka broker; without it they go from outbox to inbox directly.")
    private boolean kafka;

    @Option(names = "--keep-running", description = "Keep the shop open, and go on selling; Ctrl-C ends it.")
    private boolean keepRunning;

    @Option(
            names = "--http",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:0",
            description = "Where the console is served (default: a free port of this machine).")
    private String http = "";

    @Mixin
    Verbosity verbosity = new Verbosity();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private volatile boolean stopped;

    @Override
    public Integer call() throws SQLException, IOException, InterruptedException {
        if (orders < 1) {
            throw new ParameterException(spec.commandLine(), "--orders must be 1 or more, not " + orders);
        }
        if (!ADDRESS.matcher(http).matches()) {
            throw new ParameterException(
                    spec.commandLine(), "--http must be HOST:PORT, such as 127.0.0.1:9187, not " + http);
        }
        Path directory = Files.createTempDirectory("cdc-shop-");
        try {
            say("starting PostgreSQL " + VERSION + (kafka ? " and Kafka …" : " …"));
            try (PgServer server = DemoServers.started(() -> PgServer.start(VERSION, ShopDatabases.SERVER_SETTINGS));
                    KafkaBroker broker = kafka ? DemoServers.started(KafkaBroker::startGuarded) : null) {
                return open(
                        ShopDatabases.create(server), broker == null ? Map.of() : broker.clientProperties(), directory);
            }
        } finally {
            PgServer.forgetPassword();
            DemoServers.delete(directory);
        }
    }

    private int open(ShopDatabases databases, Map<String, String> client, Path directory)
            throws SQLException, IOException, InterruptedException {
        Path file = Files.writeString(directory.resolve("cdc.yaml"), ShopFiles.config(client));
        LoadedProcess loaded = ConfigLoader.load(
                file,
                Flags.NONE,
                new Environment(databases.variables(directory.toString(), http), "", Path.of(""), directory),
                SinkProviders.own().byType());
        try (ShopCustomers customers = new ShopCustomers(databases, SEED)) {
            customers.open();
            say("three databases: users, orders, reports; " + customers.register(USERS_BEFORE)
                    + " users are there before cdc");
            List<Member> members = new ArrayList<>();
            List<Pipeline> pipelines = new ArrayList<>();
            for (LoadedConfig one : loaded.pipelines()) {
                Pipeline pipeline =
                        new Pipeline(one.pipeline(), SinkProviders.own().create(one.pipeline()));
                pipelines.add(pipeline);
                members.add(new Member(one.pipeline(), pipeline));
            }
            StopSignal.onStop(() -> {
                stopped = true;
                pipelines.forEach(pipeline -> pipeline.control().stop());
            });
            try (Served served = new Served(loaded.server())) {
                served.start(members, loaded.listed());
                say("the console: http://" + http.replaceFirst(":0$", ":" + served.port()));
                Business business = new Business(databases, client, customers, pipelines);
                Thread selling = new Thread(business, "shop-business");
                selling.start();
                int exitCode = new PipelineGroup(members, true).run();
                stopped = true;
                selling.join();
                business.rethrow();
                return exitCode == 0 ? close(databases, customers, business) : exitCode;
            }
        }
    }

    private int close(ShopDatabases databases, ShopCustomers customers, Business business) throws SQLException {
        if (business.stayedOpen()) {
            return 0;
        }
        if (!business.hasEnded()) {
            say("stopped before the end; there is no summary");
            return 0;
        }
        try (ShopBooks books = new ShopBooks(databases, !kafka)) {
            say("the shop has closed: " + customers.ordered() + " orders in " + business.seconds() + " s");
            return summary(books, customers) ? 0 : 1;
        }
    }

    /** Prints what happened. Returns false if the databases do not agree. */
    private boolean summary(ShopBooks books, ShopCustomers customers) throws SQLException {
        PrintWriter out = spec.commandLine().getOut();
        ShopSummary.of(books).forEach(out::println);
        List<String> wrong = books.check(customers.money());
        out.println();
        if (wrong.isEmpty()) {
            out.println("  the books    balance: money is conserved, each order has one status in three");
            out.println("               databases, the models are the sums of their events, and the");
            out.println("               change log comes to the tables");
        } else {
            wrong.forEach(out::println);
        }
        out.flush();
        return wrong.isEmpty();
    }

    private void say(String line) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("-- " + line);
        err.flush();
    }

    /** The services and their customers, beside the pipelines. */
    private final class Business implements Runnable {

        private final ShopDatabases databases;
        private final Map<String, String> client;
        private final ShopCustomers customers;
        private final List<Pipeline> pipelines;
        private final long begin = System.nanoTime();
        private volatile long end;
        private volatile boolean stayedOpen;
        private volatile @Nullable Exception failure;

        Business(
                ShopDatabases databases,
                Map<String, String> client,
                ShopCustomers customers,
                List<Pipeline> pipelines) {
            this.databases = databases;
            this.client = client;
            this.customers = customers;
            this.pipelines = pipelines;
        }

        boolean stayedOpen() {
            return stayedOpen;
        }

        boolean hasEnded() {
            return end != 0;
        }

        long seconds() {
            return Math.max(1, (end - begin) / 1_000_000_000);
        }

        void rethrow() {
            Exception error = failure;
            if (error != null) {
                throw new IllegalStateException("the shop failed: " + error.getMessage(), error);
            }
        }

        @Override
        public void run() {
            try (ShopServices services = ShopServices.start(databases, client);
                    TwoPhaseTransfer transfers = new TwoPhaseTransfer(databases);
                    ShopBooks books = new ShopBooks(databases, !kafka)) {
                say(customers.register(USERS_AFTER) + " users are registered; the order service gets a copy of each");
                await(services, customers::areKnown);
                say("customers order: each order is a saga over two services");
                while (customers.ordered() < orders && !stopped) {
                    customers.act();
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
                say("some buy gift cards: a two-phase commit over two databases");
                for (int amount : new int[] {10, 15, 20, 100_000}) {
                    transfers.buy(customers.anyone(), BigDecimal.valueOf(amount));
                }
                transfers.beginAndDie(customers.anyone(), BigDecimal.TEN);
                transfers.recover();
                await(services, books::isQuiet);
                if (keepRunning) {
                    stayOpen(services, books);
                    return;
                }
                if (!stopped) {
                    end = System.nanoTime();
                    pipelines.forEach(pipeline -> pipeline.control().stopWhenCaughtUp());
                }
            } catch (SQLException | RuntimeException e) {
                if (!stopped) {
                    failure = e;
                    pipelines.forEach(pipeline -> pipeline.control().stop());
                }
            }
        }

        private void stayOpen(ShopServices services, ShopBooks books) throws SQLException {
            await(services, () -> books.check(customers.money()).isEmpty());
            if (!stopped) {
                say("so far:");
                summary(books, customers);
                stayedOpen = true;
                say("the shop stays open; Ctrl-C ends it");
            }
            while (!stopped) {
                services.requireWorking();
                customers.act();
                LockSupport.parkNanos(20 * PAUSE_NANOS);
            }
        }

        private void await(ShopServices services, Condition condition) throws SQLException {
            while (!stopped && !condition.isMet()) {
                services.requireWorking();
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }
    }

    /** A question to the databases. */
    private interface Condition {
        boolean isMet() throws SQLException;
    }
}
