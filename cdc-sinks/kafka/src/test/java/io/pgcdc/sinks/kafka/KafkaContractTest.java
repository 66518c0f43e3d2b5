package io.pgcdc.sinks.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.CdcException;
import io.pgcdc.servers.KafkaBroker;
import io.pgcdc.servers.kafka.TopicReader;
import io.pgcdc.servers.net.FaultProxy;
import io.pgcdc.servers.testing.Await;
import io.pgcdc.servers.testing.Soak;
import io.pgcdc.sink.Durability;
import io.pgcdc.sink.Sink;
import io.pgcdc.sinks.kafka.delivery.Delivery;
import io.pgcdc.testkit.sink.FaultyTarget;
import io.pgcdc.testkit.sink.HistoryContract;
import io.pgcdc.testkit.sink.TestChanges;
import io.pgcdc.testkit.sinks.Markers;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Transactions on a real broker whose connections are cut. */
class KafkaContractTest extends HistoryContract {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaContractTest.class);
    private static final int KEYS = 1_500;
    private static final int BROKEN_OFF = 2;
    private static final long STEP = 150_000;

    private static FaultProxy proxy;
    private static KafkaBroker broker;

    @BeforeAll
    static void startBroker() {
        broker = KafkaBroker.start(Map.of(), port -> {
            proxy = new FaultProxy(port);
            return proxy.port();
        });
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
        proxy.close();
    }

    /** Each takes some seconds. */
    @Override
    protected int crashes() {
        return Soak.count(2, 20);
    }

    @Override
    protected FaultyTarget newTarget() {
        return new KafkaTarget(broker, proxy, Delivery.EXACTLY_ONCE);
    }

    /** However far the sweep is: the next one goes on, and no key gets a second tombstone. */
    @Test
    void aSweepThatIsBrokenOffAgainAndAgainGivesEachKeyOneTombstone() throws Exception {
        try (KafkaTarget target = new KafkaTarget(broker, proxy, Delivery.EXACTLY_ONCE)) {
            TestChanges old = new TestChanges(1);
            for (int i = 0; i < KEYS; i++) {
                old.insert("key-".repeat(30) + i, "a");
            }
            Sink first = target.open();
            first.write(old.batch());
            first.write(Markers.begin(2));
            assertEquals(Durability.DURABLE, first.flush());
            first.close();
            long before = proxy.forwarded();
            assertEquals(KEYS, target.received().size());
            long topicBytes = proxy.forwarded() - before;

            int brokenOff = 0;
            for (int i = 0; i < BROKEN_OFF; i++) {
                brokenOff += isSwept(target.open(), 2 * topicBytes + (i + 1) * STEP) ? 0 : 1;
            }
            assertTrue(brokenOff > 0, "the sweep was never broken off");
            assertTrue(isSwept(target.open(), Long.MAX_VALUE));
            Map<String, Integer> tombstones = new HashMap<>();
            TopicReader.awaitRecords(broker.bootstrapServers(), target.topic(), 2 * KEYS)
                    .forEach(r -> tombstones.merge(
                            String.valueOf(TopicReader.text(r.key())), r.value() == null ? 1 : 0, Integer::sum));
            assertEquals(KEYS, tombstones.size());
            assertEquals(Set.of(1), Set.copyOf(tombstones.values()));
        }
    }

    /** Returns false if the sweep was broken off, after that many bytes in both directions. */
    private static boolean isSwept(Sink sink, long bytes) throws InterruptedException {
        AtomicBoolean swept = new AtomicBoolean();
        Thread sweep = new Thread(() -> {
            try {
                sink.write(Markers.end(3));
                swept.set(sink.flush() == Durability.DURABLE);
            } catch (CdcException e) {
                LOG.info("the sweep was broken off: {}", e.getMessage());
            }
        });
        proxy.cutAfter(bytes);
        sweep.start();
        Await.until("the sweep ends or is cut", () -> proxy.hasCut() || !sweep.isAlive());
        if (proxy.hasCut()) {
            sweep.interrupt(); // before it has connected again
        }
        sweep.join();
        proxy.cutAfter(Long.MAX_VALUE);
        return swept.get();
    }
}
