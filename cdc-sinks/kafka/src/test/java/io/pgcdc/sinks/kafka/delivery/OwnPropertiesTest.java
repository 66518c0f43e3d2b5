package io.pgcdc.sinks.kafka.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.sinks.kafka.KafkaSinkProvider;
import io.pgcdc.sinks.kafka.KafkaTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.IsolationLevel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Properties of Kafka's clients that a user gives and the sink sets itself. */
class OwnPropertiesTest {

    private static final String IN_FLIGHT = "max.in.flight.requests.per.connection";

    private static List<String> problems(String property, String value, Delivery delivery) {
        return OwnProperties.problems(Map.of("bootstrap.servers", "b:1", property, value), delivery);
    }

    @Test
    void everyPropertyThatTheSinkSetsIsRefusedByName() {
        for (Delivery delivery : Delivery.values()) {
            String id = delivery == Delivery.EXACTLY_ONCE ? "id" : null;
            Set<String> own = new TreeSet<>(OwnProperties.ofProducer(id, 1).keySet());
            own.addAll(OwnProperties.ofReader(IsolationLevel.READ_COMMITTED).keySet());
            own.add("group.id");
            assertTrue(own.size() > 8, own.toString());
            for (String property : own) {
                List<String> problems = problems(property, "another", delivery);
                assertEquals(1, problems.size(), delivery + ": " + property);
                assertTrue(
                        problems.get(0).startsWith("has " + property + ", which the sink sets itself: "),
                        problems.get(0));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "acks,                                  all,            exactly_once,  ",
        "acks,                                  ' ALL ',        exactly_once,  ",
        "acks,                                  -1,             at_least_once, ",
        "acks,                                  1,              at_least_once, remove it",
        "enable.idempotence,                    true,           exactly_once,  ",
        "enable.idempotence,                    false,          exactly_once,  remove it",
        "transactional.id,                      mine,           exactly_once,  remove it",
        "transactional.id,                      mine,           at_least_once, remove it",
        "transaction.timeout.ms,                60000,          exactly_once,  write that setting instead",
        "max.in.flight.requests.per.connection, 1,              at_least_once, ",
        "max.in.flight.requests.per.connection, 2,              at_least_once, '"
                + "remove it, or write delivery: exactly_once'",
        "max.in.flight.requests.per.connection, 5,              exactly_once,  ",
        "isolation.level,                       read_committed, exactly_once,  remove it",
        "group.id,                              g,              exactly_once,  remove it",
        "enable.auto.commit,                    false,          exactly_once,  ",
        "enable.auto.commit,                    true,           exactly_once,  remove it",
        "auto.offset.reset,                     earliest,       exactly_once,  ",
        "auto.offset.reset,                     latest,         exactly_once,  remove it",
        "key.serializer,                        x.Y,            exactly_once,  remove it",
        "linger.ms,                             7,              exactly_once,  ",
        "compression.type,                      zstd,           at_least_once, "
    })
    void onlyAnotherValueThanTheSinksIsRefused(String property, String value, String delivery, String remedy) {
        List<String> problems = problems(property, value, delivery(delivery));
        assertEquals(remedy == null ? 0 : 1, problems.size(), problems.toString());
        if (remedy != null) {
            assertTrue(problems.get(0).endsWith("; " + remedy), problems.get(0));
        }
    }

    private static Delivery delivery(String text) {
        return DeliverySettings.DELIVERY.type().read(List.of(text));
    }

    @Test
    void theConfigurationNamesAllOfThem() {
        List<String> problems = new ArrayList<>();
        new KafkaSinkProvider()
                .check(
                        KafkaTarget.values(
                                "properties=bootstrap.servers=b:1",
                                "properties=" + IN_FLIGHT + "=5",
                                "properties=acks=0",
                                "delivery=at_least_once",
                                "prefix=p"),
                        (setting, problem) -> problems.add(setting.key() + " " + problem));
        assertEquals(
                List.of(
                        "properties has " + IN_FLIGHT
                                + ", which the sink sets itself: without transactions, a request that is sent again can"
                                + " arrive after the next one; remove it, or write delivery: exactly_once",
                        "properties has acks, which the sink sets itself: a record counts as written once all replicas in"
                                + " sync have it; remove it"),
                problems);
    }
}
