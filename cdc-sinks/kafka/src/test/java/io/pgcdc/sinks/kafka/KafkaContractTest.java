package io.pgcdc.sinks.kafka;

import io.pgcdc.servers.KafkaBroker;
import io.pgcdc.servers.net.FaultProxy;
import io.pgcdc.servers.testing.Soak;
import io.pgcdc.sinks.kafka.delivery.Delivery;
import io.pgcdc.testkit.sink.FaultyTarget;
import io.pgcdc.testkit.sink.HistoryContract;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Transactions on a real broker whose connections are cut. */
class KafkaContractTest extends HistoryContract {

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
}
