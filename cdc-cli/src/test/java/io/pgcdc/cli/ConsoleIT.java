package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.net.FaultProxy;
import io.pgcdc.servers.net.FreePort;
import io.pgcdc.servers.testing.Await;
import io.pgcdc.testkit.process.CdcProcess;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console in a real browser: it draws what a real run does, and says what is wrong. */
class ConsoleIT {

    /** What must stay text. */
    private static final String SCRIPT = "<img src=x onerror=document.title=1>";

    private static final Path PAGE = Path.of("..", "examples", "feed", "watch.html");

    @TempDir
    Path directory;

    private final int port = FreePort.find();
    private final int otherPort = FreePort.find();

    private Path config(PgServer server, String database, int sourcePort) throws Exception {
        String source = server.url(database).replace(":" + server.port() + "/", ":" + sourcePort + "/");
        return Files.writeString(directory.resolve("cdc.yaml"), """
                name: shop
                source: {url: "%1$s", slot: %2$s_slot, publications: [p], create_slot: true, watch_interval_ms: 1000}
                queue: {dir: "%3$s", retain_bytes: 100000000}
                http: {listen: "127.0.0.1:%4$d", origins: ["http://localhost:%6$d"]}
                sinks:
                - {name: out, type: stdout, mask: ["public.users.email=fixed:masked"]}
                - {name: log, type: change_logs, url: "%5$s", create: true, exclude_columns: [public.users.photo]}
                - {name: live, type: feed, exclude_columns: [public.users.photo]}
                """.formatted(
                        source, database, directory.resolve("queue"), port, server.url(database), otherPort));
    }

    private static void exclude(Path config) throws Exception {
        Files.writeString(
                config, Files.readString(config).replace("mask: [", "exclude_columns: [public.users.photo], mask: ["));
    }

    @Test
    void theConsoleFollowsARunAndItsTroubles() throws Exception {
        try (Browser browser = Browser.start()) {
            PgServer server = PgServer.shared(18);
            String database = server.createDatabase("console");
            try (Connection connection = server.connect(database);
                    Statement statement = connection.createStatement();
                    FaultProxy proxy = new FaultProxy(server.port())) {
                statement.execute("CREATE TABLE users (id serial PRIMARY KEY, name text, email text, photo text)");
                statement.execute("CREATE TABLE orders (id serial PRIMARY KEY, item text)");
                statement.execute("ALTER TABLE orders REPLICA IDENTITY FULL");
                statement.execute("CREATE PUBLICATION p FOR TABLE users, orders");
                Path config = config(server, database, proxy.port());
                exclude(config);
                try (CdcProcess run = CdcProcess.start(directory, "run", "-c", config.toString())) {
                    run.await("the console", () -> run.stderr().contains("http://127.0.0.1:" + port));
                    browser.open("http://127.0.0.1:" + port + "/");
                    browser.awaitText("#health", "healthy");
                    itFollowsTheWorkload(browser, statement);
                    itNeedsNoMouse(browser);
                    itLooksRight(browser);
                    aPageOfAnotherOriginFollowsTheFeed(browser, statement);
                    itShowsASinkInTrouble(browser, statement);
                    itSeesTheServerGoAndComeBack(browser, proxy);
                    run.kill();
                    run.awaitExit();
                }
                browser.awaitText("#notice", "Cannot reach the process");
                try (CdcProcess again = CdcProcess.start(directory, "run", "-c", config.toString())) {
                    again.await("the console", () -> again.stderr().contains("http://127.0.0.1:" + port));
                    browser.awaitText("#health", "healthy");
                    theTailShows(browser, statement, "orders");
                    browser.requireNoComplaints();
                }
            }
            server.dropDatabase(database);
        }
    }

    private static void itFollowsTheWorkload(Browser browser, Statement statement) throws Exception {
        statement.execute("INSERT INTO users (name, email, photo)" + " SELECT '" + SCRIPT
                + "', 'ada@example.com', repeat('p', 500) FROM generate_series(1, 3)");
        statement.execute("INSERT INTO orders (item) SELECT 'book' FROM generate_series(1, 40)");
        statement.execute("UPDATE orders SET item = 'lamp'");
        browser.awaitText("[data-sink=out]", "running");
        browser.awaitText("#tables-body", "public.users");
        browser.awaitText("#tables-body", "80"); // inserts and updates
        browser.awaitText("#rate-chart", "changes/s");
        theTailShows(browser, statement, "users");
        browser.await("document.querySelector('#tail-box').textContent.includes('masked')");
        assertEquals("false", browser.ask("document.querySelector('#tail-box').textContent.includes('ada@')"));
        assertEquals("0", browser.ask("document.images.length"), "a text from a row became an element");
        assertTrue(browser.ask("document.title").contains("shop"), browser.ask("document.title"));
    }

    /** It begins with what comes next, and only when somebody sees it. */
    private static void theTailShows(Browser browser, Statement statement, String table) throws Exception {
        browser.ask("document.querySelector('#tail-box').scrollIntoView()");
        String insert = table.equals("users")
                ? "INSERT INTO users (name, email) VALUES ('" + SCRIPT + "', 'ada@example.com')"
                : "INSERT INTO orders (item) VALUES ('book')";
        Await.until("the tail to show " + table, () -> {
            statement.execute(insert);
            return browser.text("#tail-rows").contains(table);
        });
    }

    private static void itNeedsNoMouse(Browser browser) {
        browser.ask("[...document.querySelectorAll('#tables-body button')]"
                + ".find(button => button.closest('tr').textContent.includes('public.users')).focus()");
        browser.press(" ");
        browser.awaitText("#tables-body", "ALTER PUBLICATION");
    }

    private static void itLooksRight(Browser browser) throws Exception {
        for (boolean dark : List.of(false, true)) {
            browser.dark(dark);
            assertEquals(List.of(), browser.seriousFindings(), dark ? "dark" : "light");
            browser.picture(Path.of("target", dark ? "console-dark.png" : "console-light.png"));
        }
        browser.dark(false);
        browser.phone();
        assertEquals("true", browser.ask("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways");
        browser.picture(Path.of("target", "console-phone.png"));
        browser.wide();
    }

    /** The documented page, from a server that the configuration allows, and from one that it does not. */
    private void aPageOfAnotherOriginFollowsTheFeed(Browser browser, Statement statement) throws Exception {
        String console = browser.ask("location.href");
        String feed = "http://127.0.0.1:" + port + "/changes?sink=live";
        HttpServer other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), otherPort), 0);
        other.createContext("/", exchange -> {
            try (exchange) {
                byte[] page = Files.readAllBytes(PAGE);
                exchange.sendResponseHeaders(200, page.length);
                exchange.getResponseBody().write(page);
            }
        });
        other.start();
        try {
            String query = "?feed=" + URLEncoder.encode(feed, StandardCharsets.UTF_8);
            browser.open("http://localhost:" + otherPort + "/watch.html" + query);
            Await.until("the page to show a change", () -> {
                statement.execute("INSERT INTO orders (item) VALUES ('seen elsewhere')");
                return browser.text("#changes").contains("seen elsewhere");
            });
            browser.open("http://127.0.0.1:" + otherPort + "/watch.html" + query);
            browser.await("feed.readyState === EventSource.CLOSED");
            assertEquals("", browser.text("#changes"));
            browser.forgetComplaints();
        } finally {
            other.stop(0);
        }
        browser.open(console);
        browser.awaitText("#health", "healthy");
    }

    private static void itShowsASinkInTrouble(Browser browser, Statement statement) throws Exception {
        statement.execute("ALTER TABLE cdc_pattern.change_logs RENAME TO gone");
        statement.execute("INSERT INTO orders (item) VALUES ('lost?')");
        browser.awaitText("#problems", "CDC-512");
        browser.awaitText("[data-sink=log]", "failed");
        statement.execute("ALTER TABLE cdc_pattern.gone RENAME TO change_logs");
    }

    private static void itSeesTheServerGoAndComeBack(Browser browser, FaultProxy proxy) {
        proxy.refuse();
        proxy.cut();
        browser.awaitText("#problems", "CDC-101");
        proxy.accept();
        browser.awaitText("#flow", "connected");
    }
}
