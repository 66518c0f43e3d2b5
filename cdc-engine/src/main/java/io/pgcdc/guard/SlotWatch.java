package io.pgcdc.guard;

import io.pgcdc.address.ServerAddress;
import io.pgcdc.error.CdcException;
import io.pgcdc.life.Backoff;
import io.pgcdc.life.Clock;
import io.pgcdc.life.Lifecycle;
import io.pgcdc.life.Worker;
import io.pgcdc.queue.ConfirmPolicy;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the slot every few seconds, on a thread of its own. Publishes what it sees, warns before the slot is lost, and says with {@code
 * confirm: auto} which policy should apply. A server that does not answer is asked again; it never ends the run.
 */
public final class SlotWatch implements Worker {

    private static final Logger LOG = LoggerFactory.getLogger(SlotWatch.class);

    private static final long LONGEST_PAUSE_MS = 60_000;

    /** Shortest time between two looks. */
    private static final long HURRY_MS = 100;

    /** Looks at once when this part of the room that is left has been used since the last look. */
    private static final int HURRY_PART = 8;

    private final SlotSource source;
    private final Watched run;
    private final Lifecycle lifecycle;
    private final Clock clock;
    private final long intervalMs;
    private final ConfirmSwitch confirm;
    private final SlotWarnings warnings;
    private final Backoff backoff;
    private final SlotHistory history = new SlotHistory();
    private long pauseMs;
    private @Nullable Long lookedNanos;
    private long durableAtLastLook;
    private @Nullable Instant hadAllAt;
    private volatile @Nullable SlotLook last;

    /** When the watch looks and when {@code confirm: auto} switches. See the settings of the same names. */
    public record Limits(long intervalMs, long autoQueueBelowPercent, long autoQueueBelowMs) {}

    SlotWatch(SlotSource source, String slot, Watched run, Lifecycle lifecycle, Limits limits) {
        this.source = source;
        this.run = run;
        this.lifecycle = lifecycle;
        this.clock = lifecycle.clock();
        this.intervalMs = limits.intervalMs;
        this.confirm = new ConfirmSwitch(limits.autoQueueBelowPercent, limits.autoQueueBelowMs);
        this.warnings = new SlotWarnings(slot);
        this.backoff = new Backoff(clock, LONGEST_PAUSE_MS);
        pauseMs = intervalMs;
        durableAtLastLook = run.queueEndLsn();
    }

    /**
     * Makes the watch of a run. It connects at its first look.
     *
     * @param host the server that capture reads from now; any thread
     * @param answerTimeoutMs limit of each answer
     */
    public static SlotWatch of(
            Supplier<ServerAddress> host,
            String slot,
            int answerTimeoutMs,
            Watched run,
            Lifecycle lifecycle,
            Limits limits) {
        return new SlotWatch(new ServerSlot(host, slot, answerTimeoutMs), slot, run, lifecycle, limits);
    }

    /** Returns what was last seen, or null before the first look. Any thread. */
    public @Nullable SlotLook last() {
        return last;
    }

    /** Waits for the next look, or looks. Returns false at a stop. */
    @Override
    public boolean turn(long waitMs) {
        long due = untilDueMs();
        if (due > 0 && !lifecycle.pause(Math.min(waitMs, due))) {
            return false;
        }
        if (untilDueMs() <= 0) {
            try {
                look();
            } catch (Throwable e) {
                lifecycle.fail(e);
            }
        }
        return !lifecycle.stopping();
    }

    private long untilDueMs() {
        Long looked = lookedNanos;
        if (looked == null) {
            return 0;
        }
        long since = TimeUnit.NANOSECONDS.toMillis(clock.nanos() - looked);
        return since >= HURRY_MS && isUrgent() ? 0 : pauseMs - since;
    }

    /** The stream tells how far the server's WAL is. No need to ask for that. */
    private boolean isUrgent() {
        SlotReading reading = history.last();
        Long left = reading == null ? null : reading.leftBytes();
        if (reading == null || left == null || pauseMs != intervalMs) {
            return false;
        }
        long grown = run.seenLsn() - reading.walEndLsn();
        return grown > 0 && grown > left / HURRY_PART;
    }

    private void look() {
        long now = clock.nanos();
        lookedNanos = now;
        SlotReading reading;
        try {
            reading = source.read(now);
        } catch (CdcException e) {
            failed(e.describe());
            return;
        }
        backoff.reset();
        pauseMs = intervalMs;
        if (source.moved()) {
            history.clear();
        }
        reading = history.add(reading);
        SlotForecast forecast = history.forecast();
        WalHolder holder = WalHolder.of(
                reading,
                run.confirmation().inForce() == ConfirmPolicy.QUEUE,
                run.receivedLsn(),
                run.queueEndLsn(),
                run.places());
        decide(reading, forecast);
        long received = run.receivedLsn();
        Instant hadAll = history.hadAllAt(received);
        if (hadAll != null) {
            hadAllAt = hadAll;
        }
        last = new SlotLook(
                reading,
                forecast,
                holder,
                Math.max(0, reading.walEndLsn() - received),
                hadAllAt,
                run.confirmation().inForce(),
                reading.when(),
                null);
        say(warnings.next(reading, forecast, holder));
        releaseSoon(reading, forecast);
    }

    private static void say(SlotWarnings.@Nullable Notice notice) {
        if (notice != null && notice.warning()) {
            LOG.warn(notice.text());
        } else if (notice != null) {
            LOG.info(notice.text());
        }
    }

    private void decide(SlotReading reading, SlotForecast forecast) {
        ConfirmPolicy now = run.confirmation().wanted();
        long queueEnd = run.queueEndLsn();
        ConfirmPolicy next = confirm.next(
                now, reading, forecast, queueEnd - reading.confirmedLsn(), run.sinksHave(durableAtLastLook));
        durableAtLastLook = queueEnd;
        if (next != now) {
            run.confirmation().want(next, why(next, reading, forecast));
        }
    }

    private static String why(ConfirmPolicy next, SlotReading reading, SlotForecast forecast) {
        if (next == ConfirmPolicy.SINKS) {
            return "the sinks have caught up, and the slot holds " + Words.bytes(reading.retainedBytes()) + " of WAL";
        }
        Long seconds = forecast.secondsToLoss();
        Long left = reading.leftBytes();
        return "the slot holds " + Words.bytes(reading.retainedBytes()) + " of WAL, "
                + (left == null ? "" : Words.bytes(Math.max(0, left)) + " are left")
                + (seconds == null ? "" : ", lost in " + Words.time(seconds));
    }

    /** The server removes acknowledged WAL only after it has noted which transactions run. With little room left that is asked for. */
    private void releaseSoon(SlotReading reading, SlotForecast forecast) {
        boolean acknowledged = run.confirmation().isAuto() && run.confirmation().inForce() == ConfirmPolicy.QUEUE;
        if (!acknowledged || confirm.isSafe(reading, forecast)) {
            return;
        }
        try {
            source.noteTransactions();
        } catch (CdcException e) {
            LOG.debug("the server does not note its transactions: {}", e.describe());
        }
    }

    private void failed(String error) {
        SlotLook before = last;
        if (!lifecycle.stopping() && (before == null || before.error() == null)) {
            LOG.info("how much WAL the slot holds is not known at present: {} Trying again.", error);
        }
        pauseMs = Math.max(intervalMs, backoff.next());
        SlotReading known = history.last();
        SlotForecast forecast = history.forecast();
        if (known != null) {
            // the stream may go on although no query is answered
            SlotReading guess = known.grownTo(run.seenLsn());
            if (confirm.isDangerous(guess, forecast)) {
                decide(guess, forecast);
            }
        }
        last = new SlotLook(
                known,
                forecast,
                before == null ? null : before.holder(),
                before == null ? 0 : before.unreadBytes(),
                hadAllAt,
                run.confirmation().inForce(),
                Instant.now(),
                error);
    }

    /** Ends a look that is running. Any thread. */
    @Override
    public void abort() {
        source.abort();
    }

    @Override
    public void end() {
        source.close();
    }
}
