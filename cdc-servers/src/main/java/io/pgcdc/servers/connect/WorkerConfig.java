package io.pgcdc.servers.connect;

import io.pgcdc.servers.KafkaBroker;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the workers of one group have in common. The group notices a killed worker after 3 s, and gives its tasks to others at once.
 * Immutable.
 *
 * @param client properties of a Java client of the broker, with {@code bootstrap.servers}
 * @param group {@code group.id}, and the first part of the internal topics' names
 * @param exactlyOnce the value of {@code exactly.once.source.support}: enabled or disabled
 * @param plugins {@code plugin.path}: folders, each with a folder for each plugin
 * @param more the worker's properties in addition to ours, or in place of them
 * @param login of the REST interface; null: it asks for none
 * @param jvmOptions options of its JVM. With the default ones a worker with a few tasks takes less than 250 MB
 */
public record WorkerConfig(
        Map<String, String> client,
        String group,
        boolean exactlyOnce,
        List<Path> plugins,
        Map<String, String> more,
        @Nullable WorkerLogin login,
        List<String> jvmOptions) {

    private static final List<String> SMALL = List.of(
            "-Xmx112m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            // to verify the code of Kafka's jars and of plugins is an eighth of a start's CPU time
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:-BytecodeVerificationRemote",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            "-Dorg.slf4j.simpleLogger.log.org.apache.kafka.connect=info",
            // it lists all plugins
            "-Dorg.slf4j.simpleLogger.log.org.apache.kafka.connect.runtime.isolation=warn",
            "-Dorg.slf4j.simpleLogger.showDateTime=true",
            "-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS");

    public WorkerConfig {
        client = Map.copyOf(client);
        plugins = List.copyOf(plugins);
        more = Map.copyOf(more);
        jvmOptions = List.copyOf(jvmOptions);
    }

    /** Returns a group with exactly-once support, and without plugins. */
    public static WorkerConfig of(KafkaBroker broker, String group) {
        return new WorkerConfig(broker.clientProperties(), group, true, List.of(), Map.of(), null, SMALL);
    }

    /** Returns the same with a folder of plugins in addition. */
    public WorkerConfig withPlugins(Path folder) {
        List<Path> all = new ArrayList<>(plugins);
        all.add(folder.toAbsolutePath());
        return new WorkerConfig(client, group, exactlyOnce, all, more, login, jvmOptions);
    }

    /** Returns the same without exactly-once support. */
    public WorkerConfig atLeastOnce() {
        return new WorkerConfig(client, group, false, plugins, more, login, jvmOptions);
    }

    /** Returns the same with a REST interface that requires a password, which {@link ConnectWorker#rest} and {@link ConnectWorker#curlFile} have. */
    public WorkerConfig guarded(String password) {
        return new WorkerConfig(client, group, exactlyOnce, plugins, more, new WorkerLogin(password), jvmOptions);
    }

    /** Returns the same with properties of the worker in addition to ours, or in place of them. */
    public WorkerConfig with(Map<String, String> properties) {
        Map<String, String> all = new LinkedHashMap<>(more);
        all.putAll(properties);
        return new WorkerConfig(client, group, exactlyOnce, plugins, all, login, jvmOptions);
    }

    /** Returns the same with options of the JVM after ours. */
    public WorkerConfig withJvmOptions(String... options) {
        List<String> all = new ArrayList<>(jvmOptions);
        all.addAll(List.of(options));
        return new WorkerConfig(client, group, exactlyOnce, plugins, more, login, all);
    }

    /** Returns the properties of a worker whose REST interface has this port of the loopback address. */
    Map<String, String> properties(int restPort) {
        Map<String, String> all = new LinkedHashMap<>();
        // Connect gives the clients of connectors what has their prefix, and nothing else
        for (String prefix : List.of("", "producer.", "consumer.", "admin.")) {
            client.forEach((name, value) -> all.put(prefix + name, value));
        }
        all.put("group.id", group);
        all.put("exactly.once.source.support", exactlyOnce ? "enabled" : "disabled");
        all.put("listeners", "http://127.0.0.1:" + restPort);
        if (!plugins.isEmpty()) {
            all.put("plugin.path", plugins.stream().map(Path::toString).collect(Collectors.joining(",")));
        }
        all.put("plugin.discovery", "service_load");
        for (String store : List.of("config", "offset", "status")) {
            all.put(store + ".storage.topic", group + "-" + store);
            all.put(store + ".storage.replication.factor", "1");
            if (!store.equals("config")) {
                all.put(store + ".storage.partitions", "1");
            }
        }
        for (String converter : List.of("key.converter", "value.converter")) {
            all.put(converter, "org.apache.kafka.connect.json.JsonConverter");
            all.put(converter + ".schemas.enable", "false");
        }
        // a task that was killed continues on another worker after some 4 s, not after 5 minutes
        all.put("session.timeout.ms", "3000");
        all.put("heartbeat.interval.ms", "500");
        all.put("scheduled.rebalance.max.delay.ms", "0");
        all.put("rebalance.timeout.ms", "10000");
        // a worker that has not read the newest configurations asks again soon
        all.put("worker.unsync.backoff.ms", "500");
        // without exactly-once support, offsets are committed in this interval
        all.put("offset.flush.interval.ms", "500");
        if (login != null) {
            all.putAll(login.workerProperties());
        }
        all.putAll(more);
        return all;
    }
}
