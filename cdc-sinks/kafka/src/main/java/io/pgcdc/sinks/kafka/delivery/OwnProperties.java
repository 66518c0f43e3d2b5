package io.pgcdc.sinks.kafka.delivery;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * The properties of Kafka's clients that the sink sets itself, because its guarantees depend on them. If a user gives another
 * value, the sink uses its own value and reports the problem. No state, no I/O.
 */
public final class OwnProperties {

    /** All properties that {@link #ofProducer} or {@link #ofReader} sets, and {@link ConsumerConfig#GROUP_ID_CONFIG}. */
    private static final Map<String, Own> ALL = all();

    private OwnProperties() {}

    /**
     * One property that the sink sets.
     *
     * @param equal the spellings of the sink's value that a user may give, in lower case; empty if the user may give none
     * @param why completes "which the sink sets itself: …"
     * @param remedy what to do, as an imperative
     */
    private record Own(Set<String> equal, String why, String remedy) {

        static Own fixed(String why, String... equal) {
            return new Own(Set.of(equal), why, "remove it");
        }

        boolean admits(String value) {
            return equal.contains(value.strip().toLowerCase(Locale.ROOT));
        }
    }

    private static Map<String, Own> all() {
        Own bytes = Own.fixed("keys and values are bytes already");
        Own group = Own.fixed("it reads partitions by number, without a consumer group");
        return Map.ofEntries(
                Map.entry(
                        ProducerConfig.ACKS_CONFIG,
                        Own.fixed("a record counts as written once all replicas in sync have it", "all", "-1")),
                Map.entry(
                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                        Own.fixed("a record that is sent again must not arrive twice", "true")),
                Map.entry(
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        Own.fixed("it contains the server's system identifier, the slot's name and the sink's name")),
                Map.entry(
                        ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                        new Own(Set.of(), "the value comes from transaction_timeout_ms", "write that setting instead")),
                Map.entry(
                        ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
                        new Own(
                                Set.of("1"),
                                "without transactions, a request that is sent again can arrive after the next one",
                                "remove it, or write delivery: exactly_once")),
                Map.entry(
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        Own.fixed("it needs both values for different queries of its position")),
                Map.entry(ConsumerConfig.GROUP_ID_CONFIG, group),
                Map.entry(
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        Own.fixed("it keeps its position in its own topic", "false")),
                Map.entry(
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        Own.fixed("if its offset in a topic is gone, it must read from the first record", "earliest")),
                Map.entry(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, bytes),
                Map.entry(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, bytes),
                Map.entry(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, bytes),
                Map.entry(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, bytes));
    }

    /**
     * Returns one text for each of the user's properties that the sink overrides, in the user's order. Each text completes
     * "properties …".
     */
    public static List<String> problems(Map<String, String> properties, Delivery delivery) {
        List<String> problems = new ArrayList<>();
        properties.forEach((property, value) -> {
            Own own = isSet(property, delivery) ? ALL.get(property) : null;
            if (own != null && !own.admits(value)) {
                problems.add("has " + property + ", which the sink sets itself: " + own.why() + "; " + own.remedy());
            }
        });
        return problems;
    }

    /**
     * Returns false if the sink leaves the property to the user. With transactions, the producer keeps the order of up to five
     * requests in flight, and refuses a higher limit itself.
     */
    private static boolean isSet(String property, Delivery delivery) {
        return delivery == Delivery.AT_LEAST_ONCE
                || !property.equals(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION);
    }

    /**
     * Returns the sink's properties of a producer.
     *
     * @param transactionalId null for no transactions
     */
    static Map<String, Object> ofProducer(@Nullable String transactionalId, long transactionTimeoutMs) {
        Map<String, Object> own = new HashMap<>();
        own.put(ProducerConfig.ACKS_CONFIG, "all");
        own.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        own.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        own.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        if (transactionalId != null) {
            own.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
            own.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, Math.toIntExact(transactionTimeoutMs));
        } else {
            // With several requests in flight, one that is sent again can arrive after the next one (ADR 12).
            own.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, "1");
        }
        return own;
    }

    /** Returns the sink's properties of a consumer with assigned partitions. */
    static Map<String, Object> ofReader(IsolationLevel level) {
        Map<String, Object> own = new HashMap<>();
        own.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, level.toString());
        own.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        own.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        own.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        own.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        return own;
    }
}
