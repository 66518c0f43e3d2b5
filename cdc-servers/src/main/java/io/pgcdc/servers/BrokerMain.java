package io.pgcdc.servers;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;

/**
 * Runs a Kafka broker, with its own controller, in a separate JVM. It ends when its standard input ends, which is when its starter
 * ends.
 */
final class BrokerMain {

    static final String READY = "ready";

    private BrokerMain() {}

    /** @param arguments a file of properties, whose {@code log.dirs} is formatted if it is new */
    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[0]);
        Properties properties = new Properties();
        try (var reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        PrintStream out = System.out;
        if (!Files.exists(Path.of(properties.getProperty("log.dirs")).resolve("meta.properties"))) {
            String[] format = {"format", "-t", Uuid.randomUuid().toString(), "-c", file.toString()};
            int failed = StorageTool.execute(
                    format, new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
            if (failed != 0) {
                throw new IOException("the broker's directory cannot be formatted");
            }
        }
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM);
        server.startup();
        out.println(READY);
        out.flush();
        while (System.in.read() >= 0) {
            // wait for the end
        }
        server.shutdown();
        server.awaitShutdown();
        Runtime.getRuntime().halt(0);
    }
}
