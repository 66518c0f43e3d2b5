package io.pgcdc.source;

import io.pgcdc.catalog.Preflight;
import io.pgcdc.catalog.SlotUser;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.life.Lifecycle;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for a slot that is in use. If its last user lost its host or network, the server holds the slot for it until
 * wal_sender_timeout. If the user answers the server, it is alive, and this does not wait.
 */
final class SlotWait {

    private static final Logger LOG = LoggerFactory.getLogger(SlotWait.class);

    private static final long LOOK_EVERY_MS = 200;

    /** The limit if the server never disconnects a silent client. */
    private static final long WITHOUT_TIMEOUT_MS = 60_000;

    /** Extra time, because the server checks the timeout only from time to time. */
    private static final long GRACE_MS = 2_000;

    private final Preflight preflight;
    private final SourceConfig source;
    private final String where;
    private final Lifecycle lifecycle;

    SlotWait(Preflight preflight, SourceConfig source, String where, Lifecycle lifecycle) {
        this.preflight = preflight;
        this.source = source;
        this.where = where;
        this.lifecycle = lifecycle;
    }

    /** Repeats checks that fail with SLOT_IN_USE, until they pass or cannot pass any more. */
    <T> T check(Supplier<T> checks) {
        SlotUser first = null;
        long deadline = 0;
        while (true) {
            try {
                return checks.get();
            } catch (SourceException e) {
                if (e.code() != ErrorCode.SLOT_IN_USE || lifecycle.stopping()) {
                    throw e;
                }
            }
            SlotUser user = preflight.slotUser();
            if (user == null) {
                continue;
            }
            if (first == null || first.pid() != user.pid()) {
                first = user;
                long waitMs = (user.timeoutMs() == 0 ? WITHOUT_TIMEOUT_MS : user.timeoutMs()) + GRACE_MS;
                deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMs);
                LOG.warn(
                        "slot \"{}\" is in use by {}; waiting at most {} s for the server to release it",
                        source.slot(),
                        user.describe(),
                        TimeUnit.MILLISECONDS.toSeconds(waitMs));
            }
            boolean alive = user.lastReply() != null && !user.lastReply().equals(first.lastReply());
            if (alive || System.nanoTime() > deadline) {
                throw inUse(user, alive ? "which is alive" : "which the server did not disconnect");
            }
            lifecycle.sourceFails(inUse(user, "and this waits until the server releases it"));
            lifecycle.pause(LOOK_EVERY_MS);
        }
    }

    private SourceException inUse(SlotUser user, @Nullable String state) {
        return new SourceException(
                ErrorCode.SLOT_IN_USE,
                "slot \"" + source.slot() + "\" is in use by " + user.describe() + ", " + state + "; " + where
                        + ". Stop that consumer or choose another --slot.");
    }
}
