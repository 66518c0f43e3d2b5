package io.pgcdc.demo.shop;

import io.pgcdc.demo.shop.ShopDatabases.Service;
import java.sql.SQLException;

/** The services at work, each on a thread of its own. */
public final class ShopServices implements AutoCloseable {

    private final ShopWorker users;
    private final ShopWorker orders;

    private ShopServices(ShopWorker users, ShopWorker orders) {
        this.users = users;
        this.orders = orders;
    }

    /** Starts the user service and the order service. */
    public static ShopServices start(ShopDatabases databases) {
        return new ShopServices(
                ShopWorker.start(databases, Service.USERS), ShopWorker.start(databases, Service.ORDERS));
    }

    /**
     * Checks that both work, or have only just lost their sessions.
     *
     * @throws SQLException why one of them does not
     */
    public void requireWorking() throws SQLException {
        users.requireWorking();
        orders.requireWorking();
    }

    /** Ends both, when their present transactions have ended. */
    @Override
    public void close() {
        users.close();
        orders.close();
    }
}
