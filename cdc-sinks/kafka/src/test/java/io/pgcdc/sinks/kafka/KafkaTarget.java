package io.pgcdc.sinks.kafka;

import io.pgcdc.model.Position;
import io.pgcdc.servers.KafkaBroker;
import io.pgcdc.servers.kafka.TopicReader;
import io.pgcdc.servers.net.FaultProxy;
import io.pgcdc.servers.testing.Await;
import io.pgcdc.servers.testing.Soak;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingType;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sink.Sink;
import io.pgcdc.sink.SourceId;
import io.pgcdc.sinks.kafka.delivery.Delivery;
import io.pgcdc.testkit.sink.FaultyTarget;
import io.pgcdc.testkit.sink.TestContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** One topic of a real broker, and a sink of its own; it fails by losing all connections. */
public final class KafkaTarget implements FaultyTarget {

    static final SourceId SOURCE = new SourceId("7000000000000000001", "kit", "kit_slot");

    private static final int FIRST_CUT = 500;
    private static final int CUT_STEP = Soak.count(200_000, 60_000);
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final FaultProxy proxy;
    private final KafkaBroker broker;
    private final Delivery delivery;
    private final String topic = "kit" + COUNT.incrementAndGet();
    private boolean failed;
    private final List<Sink> opened = new ArrayList<>();

    KafkaTarget(KafkaBroker broker, FaultProxy proxy, Delivery delivery) {
        this.broker = broker;
        this.proxy = proxy;
        this.delivery = delivery;
        proxy.cutAfter(Long.MAX_VALUE);
    }

    String topic() {
        return topic;
    }

    @Override
    public Sink open() {
        Sink sink = sink(
                topic,
                "properties=bootstrap.servers=127.0.0.1:" + proxy.port(),
                "delivery=" + delivery.name().toLowerCase(Locale.ROOT),
                "topic=" + topic,
                "message_topic=" + topic,
                "partitions=1",
                "commit_bytes=20000");
        sink.open(SOURCE);
        opened.add(sink);
        return sink;
    }

    /** @param settings each {@code key=value}, of mappings one for each pair */
    public static Sink sink(String name, String... settings) {
        return new KafkaSinkProvider().create(TestContext.of(name), values(settings));
    }

    /** @param properties of Kafka's clients */
    static Sink sink(String name, Map<String, String> properties, String... settings) {
        List<String> all = new ArrayList<>(List.of(settings));
        properties.forEach((property, value) -> all.add("properties=" + property + "=" + value));
        return sink(name, all.toArray(String[]::new));
    }

    public static SettingValues values(String... settings) {
        KafkaSinkProvider provider = new KafkaSinkProvider();
        Map<String, List<String>> texts = new HashMap<>();
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            texts.computeIfAbsent(setting.substring(0, equals), k -> new ArrayList<>())
                    .add(setting.substring(equals + 1));
        }
        Map<String, Object> values = new HashMap<>();
        texts.forEach((key, ofKey) -> {
            Setting<?> known = provider.settings().stream()
                    .filter(s -> s.key().equals(key))
                    .findFirst()
                    .orElseThrow();
            values.put(key, known.read(known.type().many() ? SettingType.split(ofKey.get(0)) : ofKey));
        });
        return new SettingValues(values);
    }

    @Override
    public List<Received> received() {
        failed |= proxy.hasCut();
        proxy.cutAfter(Long.MAX_VALUE); // this is no operation of the sink's
        awaitMarkers();
        List<Received> received = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : TopicReader.read(broker.bootstrapServers(), topic)) {
            Position position = Position.parse(TopicReader.header(record, "position"));
            String content = TopicReader.text(record.key()) + "=" + TopicReader.text(record.value()) + " "
                    + TopicReader.header(record, "__debezium.newkey") + " "
                    + TopicReader.header(record, "__debezium.oldkey");
            int last = received.size() - 1;
            if (last >= 0
                    && received.get(last).position().equals(position)
                    && !isTheSame(received.get(last), content)) {
                // a change of several records
                received.set(last, new Received(position, received.get(last).content() + "\n" + content));
            } else {
                received.add(new Received(position, content));
            }
        }
        return received;
    }

    /** A commit is answered before readers can see it: first its markers must be in the topic. */
    private void awaitMarkers() {
        String id = "pgcdc-" + SOURCE.systemIdentifier() + "-" + SOURCE.slot() + "-" + topic;
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            Set<TransactionState> moving = Set.of(TransactionState.PREPARE_COMMIT, TransactionState.PREPARE_ABORT);
            Await.until(
                    "the end of transaction " + id,
                    () -> admin.listTransactions().all().get().stream()
                            .noneMatch(t -> t.transactionalId().equals(id) && moving.contains(t.state())));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** A repeat, and no further record. */
    private static boolean isTheSame(Received before, String content) {
        return before.content().startsWith(content);
    }

    @Override
    public void failAfter(int operations) {
        proxy.cutAfter(FIRST_CUT + (long) CUT_STEP * operations);
    }

    @Override
    public boolean hasFailed() {
        return failed || proxy.hasCut();
    }

    /** The sink's transaction stays open: the next one, of the same id, ends it. */
    @Override
    public void crash() {
        proxy.cut();
    }

    @Override
    public boolean exactlyOnce() {
        return delivery == Delivery.EXACTLY_ONCE;
    }

    @Override
    public void close() {
        opened.forEach(Sink::close);
    }
}
