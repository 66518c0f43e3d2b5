package io.pgcdc.session;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import java.sql.Connection;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Connects so that another thread can end the attempt. pgjdbc cannot be ended while it connects, so it does that on a thread of its own. One
 * thread, except {@link #abort}.
 */
public final class EndableLogin {

    private final AtomicInteger aborts = new AtomicInteger();
    private volatile @Nullable CompletableFuture<Connection> attempt;

    /** Keeps the connection for the one who ends its queries; null: it is not to be used. */
    public interface Keeper {
        void keep(@Nullable Connection connection);
    }

    /**
     * Connects.
     *
     * @param login connects, on another thread
     * @param keeper gets the connection before this returns; from then on it ends its queries after an abort
     * @param where for messages
     * @throws SourceException CONNECTION_LOST: it was ended; or the error of the login
     */
    public Connection connect(Supplier<Connection> login, Keeper keeper, String where) {
        int before = aborts.get();
        CompletableFuture<Connection> opening = new CompletableFuture<>();
        attempt = opening;
        Thread thread = new Thread(
                () -> complete(opening, login), Thread.currentThread().getName() + "/login");
        thread.setDaemon(true);
        thread.start();
        Connection connection;
        try {
            connection = opening.get();
        } catch (CancellationException e) {
            throw ended(where);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            if (!opening.cancel(false) && !opening.isCompletedExceptionally()) {
                PinnedLogin.closeQuietly(opening.join());
            }
            throw ended(where);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException error) {
                throw error;
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            attempt = null;
        }
        keeper.keep(connection);
        if (aborts.get() != before) {
            keeper.keep(null);
            PinnedLogin.closeQuietly(connection);
            throw ended(where);
        }
        return connection;
    }

    private static void complete(CompletableFuture<Connection> opening, Supplier<Connection> login) {
        try {
            Connection connection = login.get();
            if (!opening.complete(connection)) {
                PinnedLogin.closeQuietly(connection); // nobody waits for it any more
            }
        } catch (RuntimeException | Error e) {
            opening.completeExceptionally(e);
        }
    }

    /** Returns how often {@link #abort} was called. Any thread. */
    public int aborts() {
        return aborts.get();
    }

    /** Ends an attempt to connect, which then fails. Any thread. */
    public void abort() {
        aborts.incrementAndGet();
        CompletableFuture<Connection> running = attempt;
        if (running != null) {
            running.cancel(false);
        }
    }

    private static SourceException ended(String where) {
        return new SourceException(
                ErrorCode.CONNECTION_LOST,
                "the attempt to connect was ended, because the run stops or the stream's connection is lost; " + where
                        + ".");
    }
}
