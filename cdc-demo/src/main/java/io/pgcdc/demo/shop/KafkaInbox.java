package io.pgcdc.demo.shop;

import io.pgcdc.demo.shop.ShopDatabases.Service;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * How a service takes its events from Kafka: writes them to its inbox in one transaction, then commits the offsets. An event that comes again
 * is there already, so each has its effect once.
 */
final class KafkaInbox implements Runnable, AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(100);
    private static final String PREFIX = "shop.";
    private static final long RETRY_NANOS = 50_000_000;

    private final ShopDatabases databases;
    private final Service service;
    private final KafkaConsumer<String, String> consumer;
    private final Thread thread;
    private volatile boolean closing;
    private volatile @Nullable Exception failure;

    /**
     * Creates it, and connects later.
     *
     * @param client properties of a client of the cluster
     */
    KafkaInbox(ShopDatabases databases, Service service, Map<String, String> client) {
        this.databases = databases;
        this.service = service;
        Map<String, Object> properties = new HashMap<>(client);
        properties.put("group.id", service.role());
        properties.put("isolation.level", "read_committed");
        properties.put("auto.offset.reset", "earliest");
        properties.put("enable.auto.commit", "false");
        // topics are made with their first record
        properties.put("metadata.max.age.ms", "500");
        consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer());
        thread = new Thread(this, "shop-inbox-" + service.database());
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    @Override
    public void run() {
        Service other = service == Service.USERS ? Service.ORDERS : Service.USERS;
        consumer.subscribe(Pattern.compile("shop\\.(saga\\." + service.role() + "|" + other.role() + ")\\..*"));
        try (consumer) {
            while (!closing) {
                ConsumerRecords<String, String> records = consumer.poll(POLL);
                if (!records.isEmpty()) {
                    take(records);
                    consumer.commitSync();
                }
            }
        } catch (WakeupException e) {
            if (!closing) {
                failure = e;
            }
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    /** Writes events to the inbox. Tries again, if the database ends the session. */
    private void take(ConsumerRecords<String, String> records) {
        while (!closing) {
            try (Connection connection = databases.connect(service);
                    PreparedStatement insert = connection.prepareStatement(
                            "INSERT INTO event_driven.event_inbox"
                                    + " (source_service, source_event_id, event_type, aggregate_id, event_data, occurred_at)"
                                    + " VALUES (?, ?, ?, ?, ?::jsonb, ?) ON CONFLICT (source_service, source_event_id) DO NOTHING")) {
                connection.setAutoCommit(false);
                for (ConsumerRecord<String, String> record : records) {
                    String topic = record.topic().substring(PREFIX.length());
                    Header id = record.headers().lastHeader("id");
                    insert.setString(
                            1, topic.startsWith("saga.") ? "order_saga" : topic.substring(0, topic.indexOf('.')));
                    insert.setString(2, new String(id.value(), StandardCharsets.UTF_8));
                    insert.setString(3, topic.substring(topic.lastIndexOf('.') + 1));
                    insert.setString(4, record.key());
                    insert.setString(5, record.value());
                    insert.setTimestamp(6, new Timestamp(record.timestamp()));
                    insert.addBatch();
                }
                insert.executeBatch();
                connection.commit();
                return;
            } catch (SQLException e) {
                failure = e;
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
    }

    /** Checks that it still takes events. */
    void requireWorking() throws SQLException {
        Exception last = failure;
        if (!thread.isAlive() && last != null) {
            throw new SQLException("the inbox of " + service.role() + " takes nothing from Kafka any more", last);
        }
    }

    @Override
    public void close() {
        closing = true;
        consumer.wakeup();
        ThreadEnd.await(thread);
    }
}
