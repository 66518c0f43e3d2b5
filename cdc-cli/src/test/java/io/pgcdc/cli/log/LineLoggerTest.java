package io.pgcdc.cli.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.helpers.BasicMDCAdapter;

class LineLoggerTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final BasicMDCAdapter mdc = new BasicMDCAdapter();

    private List<String> said(String name, String... flags) {
        bytes.reset();
        LogOutput output = new LogOutput(
                new PrintStream(bytes, true, StandardCharsets.UTF_8), LogSettings.of(List.of(flags), LogLevel.INFO));
        Logger logger = new LineLogger(name, output, mdc);
        logger.error("e {}", 1);
        logger.warn("w {} {}", 1, 2);
        logger.info("i {} {} {}", 1, 2, 3);
        logger.debug("d");
        logger.trace("t");
        return bytes.toString(StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.substring("2026-01-02T03:04:05.678Z ".length()))
                .toList();
    }

    @Test
    void clientsHaveALevelOfTheirOwn() {
        assertEquals(
                List.of("ERROR Capture: e 1", "WARN  Capture: w 1 2", "INFO  Capture: i 1 2 3"),
                said("io.pgcdc.capture.Capture"));
        assertEquals(List.of("ERROR NetworkClient: e 1"), said("org.apache.kafka.clients.NetworkClient"));
        assertEquals(
                List.of("ERROR Sink: e 1", "WARN  Sink: w 1 2", "INFO  Sink: i 1 2 3"),
                said("com.example.plugin.Sink"));
        assertEquals(
                List.of("ERROR NetworkClient: e 1", "WARN  NetworkClient: w 1 2"),
                said("org.apache.kafka.clients.NetworkClient", "--log-level", "error", "--log-clients=warn"));
    }

    @Test
    void levelsAreFlags() {
        assertEquals(List.of("ERROR A: e 1"), said("io.pgcdc.A", "run", "--log-level", "ERROR"));
        assertEquals(List.of(), said("io.pgcdc.A", "--log-level=off"));
        assertEquals(4, said("io.pgcdc.A", "--verbose").size());
        assertEquals(3, said("io.pgcdc.A", "--log-level", "loud").size());
    }

    @Test
    void aPipelinesThreadIsNamedAndMdcHelpsOthers() throws Exception {
        mdc.put("pipeline", "shop");
        assertEquals("ERROR shop/A: e 1", said("io.pgcdc.A").get(0));
        mdc.remove("pipeline");
        Thread thread = new Thread(
                () -> assertEquals(
                        "ERROR shop/sink-a/b: e 1", said("io.pgcdc.A").get(0)),
                "cdc/shop/sink-a/b");
        Throwable[] failure = new Throwable[1];
        thread.setUncaughtExceptionHandler((t, e) -> failure[0] = e);
        thread.start();
        thread.join();
        assertEquals(null, failure[0]);
    }
}
