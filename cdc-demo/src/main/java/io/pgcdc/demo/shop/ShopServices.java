package io.pgcdc.demo.shop;

import io.pgcdc.demo.shop.ShopDatabases.Service;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** The services at work, each on a thread of its own. */
public final class ShopServices implements AutoCloseable {

    private final ShopWorker users;
    private final ShopWorker orders;
    private final List<KafkaInbox> inboxes;

    private ShopServices(ShopWorker users, ShopWorker orders, List<KafkaInbox> inboxes) {
        this.users = users;
        this.orders = orders;
        this.inboxes = inboxes;
        inboxes.forEach(KafkaInbox::start);
    }

    /**
     * Starts the user service and the order service.
     *
     * @param kafka properties of a client, if they take their events from Kafka; else empty
     */
    public static ShopServices start(ShopDatabases databases, Map<String, String> kafka) {
        List<KafkaInbox> inboxes = kafka.isEmpty()
                ? List.of()
                : List.of(
                        new KafkaInbox(databases, Service.USERS, kafka),
                        new KafkaInbox(databases, Service.ORDERS, kafka));
        return new ShopServices(
                ShopWorker.start(databases, Service.USERS), ShopWorker.start(databases, Service.ORDERS), inboxes);
    }

    /**
     * Checks that both work, or have only just lost their sessions.
     *
     * @throws SQLException why one of them does not
     */
    public void requireWorking() throws SQLException {
        for (KafkaInbox inbox : inboxes) {
            inbox.requireWorking();
        }
        users.requireWorking();
        orders.requireWorking();
    }

    /** Ends both, when their present transactions have ended. */
    @Override
    public void close() {
        inboxes.forEach(KafkaInbox::close);
        users.close();
        orders.close();
    }
}
