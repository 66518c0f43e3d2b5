package io.pgcdc.connect.offset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.json.JsonConverter;
import org.junit.jupiter.api.Test;

/** Kafka Connect finds an offset by the text of its partition. */
class PartitionsTest {

    private static final Map<String, String> STREAM = Partitions.stream("7713926", "shop", "shop_cdc");

    @Test
    void theEntriesHaveTheOrderInWhichKafkaConnectReadsThem() {
        try (JsonConverter converter = new JsonConverter()) {
            converter.configure(Map.of("schemas.enable", "false", "converter.type", "key"));
            for (Map<String, String> partition : List.of(
                    STREAM,
                    Partitions.identity("orders", "orders_cdc"),
                    Partitions.snapshot(STREAM, "initial"),
                    Partitions.table(STREAM, "initial", "16385"))) {
                SchemaAndValue read = converter.toConnectData("t", converter.fromConnectData("t", null, partition));
                Map<?, ?> again = (Map<?, ?>) read.value();
                assertEquals(new ArrayList<>(again.keySet()), new ArrayList<>(partition.keySet()));
                assertEquals(again, partition);
            }
        }
    }

    @Test
    void knowsItsKinds() {
        assertEquals(Partitions.Kind.STREAM, Partitions.kind(STREAM));
        assertEquals(Partitions.Kind.IDENTITY, Partitions.kind(Partitions.identity("a", "b")));
        assertEquals(Partitions.Kind.SNAPSHOT, Partitions.kind(Partitions.snapshot(STREAM, "x")));
        assertEquals(Partitions.Kind.TABLE, Partitions.kind(Partitions.table(STREAM, "x", "1")));
        assertNull(Partitions.kind(Map.of("server", "shop")));
        assertNull(Partitions.kind(Map.of("source", "a", "slot", 5)));
    }
}
