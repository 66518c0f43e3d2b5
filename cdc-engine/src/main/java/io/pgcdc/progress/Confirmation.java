package io.pgcdc.progress;

import io.pgcdc.error.QueueException;
import io.pgcdc.queue.ConfirmLog;
import io.pgcdc.queue.ConfirmPolicy;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The confirm policy in force. {@code sinks} and {@code queue} never change. With {@code auto} another thread says which of the two it wants,
 * and the capture thread puts that into force between two acknowledgements: {@code queue} after the switch is recorded durably, {@code sinks}
 * after every sink has all that was acknowledged. So whenever the record says {@code sinks}, no acknowledged change is in the queue only.
 */
public final class Confirmation {

    private static final Logger LOG = LoggerFactory.getLogger(Confirmation.class);

    /** What another thread wants. */
    private record Wish(ConfirmPolicy policy, String why) {}

    /** Null: the policy never changes. */
    private final @Nullable ConfirmLog log;

    private volatile ConfirmPolicy inForce;
    private volatile Wish wish;

    private Confirmation(ConfirmPolicy first, @Nullable ConfirmLog log) {
        this.log = log;
        inForce = first;
        wish = new Wish(first, "");
    }

    /**
     * Begins with the configured policy. {@code auto} begins with the last recorded one, or with {@code sinks}.
     *
     * @param log of the queue's directory
     */
    public static Confirmation of(ConfirmPolicy configured, ConfirmLog log) {
        if (configured != ConfirmPolicy.AUTO) {
            return new Confirmation(configured, null);
        }
        ConfirmPolicy last = log.last();
        return new Confirmation(last == null ? ConfirmPolicy.SINKS : last, log);
    }

    /** Returns true if the policy may change: {@code confirm: auto}. Any thread. */
    public boolean isAuto() {
        return log != null;
    }

    /** Returns the policy in force, {@code SINKS} or {@code QUEUE}. Any thread. */
    public ConfirmPolicy inForce() {
        return inForce;
    }

    /** Returns the policy that was last wanted; the capture thread may still wait with it. Any thread. */
    public ConfirmPolicy wanted() {
        return wish.policy;
    }

    /**
     * Asks for a policy. Has no effect without {@code auto}. One other thread.
     *
     * @param why the reason, one line for the log and the record
     */
    public void want(ConfirmPolicy policy, String why) {
        if (isAuto() && policy != wish.policy) {
            wish = new Wish(policy, why);
        }
    }

    /** Returns true if a change is safe once the queue has it durably. On the way back to {@code sinks} it no longer is. */
    boolean byQueue() {
        return inForce == ConfirmPolicy.QUEUE && wish.policy == ConfirmPolicy.QUEUE;
    }

    /**
     * Puts the wanted policy into force if it may be. Capture thread, before it asks what is safe.
     *
     * @param flushLsn what is acknowledged
     * @param sinksHaveIt true if every sink durably has all changes up to it
     */
    void settle(long flushLsn, boolean sinksHaveIt) {
        Wish wanted = wish;
        if (log == null || wanted.policy == inForce || (wanted.policy == ConfirmPolicy.SINKS && !sinksHaveIt)) {
            return;
        }
        try {
            log.add(Instant.now(), wanted.policy, flushLsn, wanted.why);
        } catch (QueueException e) {
            LOG.warn("confirm: auto does not switch: {}", e.describe());
            wish = new Wish(inForce, "");
            return;
        }
        inForce = wanted.policy;
        if (wanted.policy == ConfirmPolicy.QUEUE) {
            LOG.warn(
                    "confirm: auto now acknowledges what the queue has, before the sinks have it: {}. Until it goes back, losing the"
                            + " queue's disk loses changes.",
                    wanted.why);
        } else {
            LOG.info("confirm: auto acknowledges again what every sink has: {}", wanted.why);
        }
    }
}
