package io.pgcdc.demo.shop;

import io.pgcdc.demo.shop.ShopDatabases.Service;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * A service at work: calls its function {@code work()} whenever something arrives. A session that is lost is made anew, and what its
 * transaction had begun comes again.
 */
final class ShopWorker implements Runnable, AutoCloseable {

    /** Longest wait for a notification. The service then checks for work without one. */
    private static final int LONGEST_WAIT_MS = 200;

    private static final int MOST_FAILURES = 100;

    private static final long RECONNECT_NANOS = 20_000_000;

    private final ShopDatabases databases;
    private final Service service;
    private final Thread thread;
    private volatile boolean closing;
    private volatile @Nullable SQLException failure;
    /** Failures since the last success. */
    private final AtomicInteger failures = new AtomicInteger();

    private ShopWorker(ShopDatabases databases, Service service) {
        this.databases = databases;
        this.service = service;
        thread = new Thread(this, "shop-" + service.database());
        thread.setDaemon(true);
    }

    /** Starts a service. */
    static ShopWorker start(ShopDatabases databases, Service service) {
        ShopWorker worker = new ShopWorker(databases, service);
        worker.thread.start();
        return worker;
    }

    @Override
    public void run() {
        while (!closing) {
            try (Connection connection = databases.connect(service);
                    Statement statement = connection.createStatement()) {
                statement.execute("LISTEN work");
                work(connection, statement);
            } catch (SQLException e) {
                failure = e;
                failures.incrementAndGet();
                LockSupport.parkNanos(RECONNECT_NANOS);
            }
        }
    }

    private void work(Connection connection, Statement statement) throws SQLException {
        PGConnection session = connection.unwrap(PGConnection.class);
        while (!closing) {
            int taken;
            try (ResultSet row = statement.executeQuery("SELECT " + service.role() + ".work()")) {
                row.next();
                taken = row.getInt(1);
                failures.set(0);
            }
            if (taken == 0) {
                session.getNotifications(LONGEST_WAIT_MS);
            }
        }
    }

    /**
     * Checks that the service works, or has only just lost its session.
     *
     * @throws SQLException the last failure, if there were many with nothing between them
     */
    void requireWorking() throws SQLException {
        SQLException last = failure;
        if (last != null && failures.get() > MOST_FAILURES) {
            throw last;
        }
    }

    /** Ends the service, when its present transaction has ended. */
    @Override
    public void close() {
        closing = true;
        ThreadEnd.await(thread);
    }
}
