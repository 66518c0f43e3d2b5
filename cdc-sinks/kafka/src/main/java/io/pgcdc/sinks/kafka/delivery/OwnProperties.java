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
 * Properties of Kafka's clients that the sink sets itself, because its guarantees rest on them. A user who gives one another value is told,
 * for the sink's value holds. Pure.
 */
public final class OwnProperties {

    /** Every property that {@link #ofProducer} or {@link #ofReader} sets, and {@link ConsumerConfig#GROUP_ID_CONFIG}. */
    private static final Map<String, Own> ALL = all();

    private OwnProperties() {}

    /**
     * One property.
     *
     * @param equal the sink's value in all its spellings, in lower case: giving it does no harm; empty: no one value
     * @param why completes "which the sink sets itself: …"
     * @param remedy what to do, as an imperative
     */
    private record Own(Set<String> equal, String why, String remedy) {

        static Own fixed(String why, String... equal) {
            return new Own(Set.of(equal), why, "leave it out");
        }

        boolean admits(String value) {
            return equal.contains(value.strip().toLowerCase(Locale.ROOT));
        }
    }

    private static Map<String, Own> all() {
        Own bytes = Own.fixed("keys and values are bytes already");
        Own group = Own.fixed("it reads partitions by their number, and belongs to no group");
        return Map.ofEntries(
                Map.entry(
                        ProducerConfig.ACKS_CONFIG,
                        Own.fixed("a record counts as written once all replicas in sync have it", "all", "-1")),
                Map.entry(
                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                        Own.fixed("a record that is sent again must not come twice", "true")),
                Map.entry(
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        Own.fixed("it is made of the server's system identifier, the slot's and the sink's name")),
                Map.entry(
                        ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                        new Own(
                                Set.of(),
                                "it takes it from transaction_timeout_ms",
                                "write that setting of the sink instead")),
                Map.entry(
                        ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
                        new Own(
                                Set.of("1"),
                                "without transactions, a request that is sent again can arrive after the next one",
                                "leave it out, or write delivery: exactly_once")),
                Map.entry(
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        Own.fixed("it reads its position in both ways, for different questions")),
                Map.entry(ConsumerConfig.GROUP_ID_CONFIG, group),
                Map.entry(
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        Own.fixed("it keeps its position in a topic of its own", "false")),
                Map.entry(
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        Own.fixed(
                                "where its place in a topic is gone it reads from the first record, and misses none",
                                "earliest")),
                Map.entry(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, bytes),
                Map.entry(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, bytes),
                Map.entry(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, bytes),
                Map.entry(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, bytes));
    }

    /**
     * Returns what is wrong with a user's properties, one text for each that the sink overrides, in their order. Each completes
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

    /** With transactions the producer keeps the order of up to five requests, and refuses more itself. */
    private static boolean isSet(String property, Delivery delivery) {
        return delivery == Delivery.AT_LEAST_ONCE
                || !property.equals(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION);
    }

    /** @param transactionalId null: without transactions */
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
            // of several, one that is sent again can arrive later than the one after it (ADR 12)
            own.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, "1");
        }
        return own;
    }

    /** For a consumer that is told its partitions. */
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
