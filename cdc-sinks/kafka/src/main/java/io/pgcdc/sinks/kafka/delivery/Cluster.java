package io.pgcdc.sinks.kafka.delivery;

import io.pgcdc.setting.KeyValues;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/** A Kafka cluster. Creates its clients with the user's properties. For one thread. */
final class Cluster {

    /** Longest wait for an answer. It is enough for another broker to take over, and short enough to report a problem soon. */
    static final Duration ANSWER = Duration.ofSeconds(15);

    private static final String BOOTSTRAP = "bootstrap.servers";

    private static final long BUFFER = 32 << 20;

    /** The Kafka client's default. */
    private static final long DEFAULT_REQUEST = 1 << 20;

    private final KeyValues given;
    private final Map<String, String> properties;
    private final long largest;
    private boolean worked;

    Cluster(KeyValues properties) {
        given = properties;
        this.properties = properties.asMap();
        largest = Math.min(
                size(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, DEFAULT_REQUEST),
                size(ProducerConfig.BUFFER_MEMORY_CONFIG, BUFFER));
    }

    /** Returns the cluster's address for error messages. */
    String where() {
        return "Kafka at " + properties.getOrDefault(BOOTSTRAP, "?");
    }

    /** Remembers that the cluster has accepted a login. */
    void worked() {
        worked = true;
    }

    /** Returns whether a login that is refused may succeed later: it did before, and the secret is in a file, which may change after the cluster. */
    boolean mayLoginChange() {
        return worked && given.mayChange();
    }

    /** Returns the largest size of a record in bytes that the producer's properties allow. */
    long largestRequest() {
        return largest;
    }

    private long size(String property, long byDefault) {
        try {
            return Long.parseLong(
                    properties.getOrDefault(property, Long.toString(byDefault)).strip());
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE; // the client reports the error
        }
    }

    /**
     * Returns a new producer.
     *
     * @param transactionalId null for no transactions
     */
    Producer<byte[], byte[]> producer(@Nullable String transactionalId, long transactionTimeoutMs) {
        Map<String, Object> all = common();
        String answerMs = Long.toString(ANSWER.toMillis());
        all.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, answerMs);
        all.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, answerMs);
        all.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Long.toString(2 * ANSWER.toMillis()));
        all.put(ProducerConfig.BATCH_SIZE_CONFIG, Integer.toString(256 << 10));
        all.put(ProducerConfig.BUFFER_MEMORY_CONFIG, Long.toString(BUFFER));
        all.put(ProducerConfig.LINGER_MS_CONFIG, "5");
        all.putAll(given.current());
        all.putAll(OwnProperties.ofProducer(transactionalId, transactionTimeoutMs));
        return made(() -> new KafkaProducer<>(all));
    }

    /** Returns a new consumer without a consumer group, for assigned partitions. */
    Consumer<byte[], byte[]> reader(IsolationLevel level) {
        Map<String, Object> all = common();
        all.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Long.toString(ANSWER.toMillis()));
        all.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, Long.toString(ANSWER.toMillis()));
        // At the end of a partition the client has already sent its next fetch, and close() waits for the answer.
        all.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "10");
        all.putAll(given.current());
        all.putAll(OwnProperties.ofReader(level));
        all.remove(ConsumerConfig.GROUP_ID_CONFIG);
        return made(() -> new KafkaConsumer<>(all));
    }

    Admin admin() {
        Map<String, Object> all = common();
        all.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Long.toString(ANSWER.toMillis()));
        all.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, Long.toString(ANSWER.toMillis()));
        all.putAll(given.current());
        return made(() -> Admin.create(all));
    }

    /** A client connects later, so a failure to make one is the fault of its properties. */
    private <T> T made(Supplier<T> client) {
        try {
            return client.get();
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            throw KafkaErrors.ofProperties(e, where());
        }
    }

    /** Returns properties that disable reporting, unless the user enables it. */
    private static Map<String, Object> common() {
        Map<String, Object> all = new HashMap<>();
        all.put("client.id", "pgcdc");
        all.put("enable.metrics.push", "false");
        all.put("metric.reporters", "");
        return all;
    }
}
