package io.pgcdc.guard;

import io.pgcdc.address.ServerAddress;
import io.pgcdc.catalog.SlotUser;
import io.pgcdc.error.SourceException;
import io.pgcdc.model.Lsn;
import io.pgcdc.queue.ConfirmPolicy;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks the source how a slot is, while no pipeline runs. Keeps the connection for the next question. One thread. */
public final class SlotInquiry implements AutoCloseable {

    private final ServerAddress address;
    private final String slot;
    private final int answerTimeoutMs;
    private @Nullable ServerSlot open;

    /**
     * Connects later.
     *
     * @param address its hosts are asked in order, until one answers
     * @param answerTimeoutMs limit of each answer; the login has that of the address
     */
    public SlotInquiry(ServerAddress address, String slot, int answerTimeoutMs) {
        this.address = address;
        this.slot = slot;
        this.answerTimeoutMs = answerTimeoutMs;
    }

    /**
     * What the source said.
     *
     * @param look without a forecast; its policy means nothing
     * @param user who uses the slot; null: nobody
     */
    public record Answer(
            String server, SlotLook look, @Nullable SlotUser user) {}

    /**
     * Asks.
     *
     * @param queueEndLsn end of the last commit in the queue
     * @throws SourceException no host answers, or there is no such slot; the first host's error
     */
    public Answer ask(long queueEndLsn) {
        ServerSlot known = open;
        if (known != null) {
            return ask(known, queueEndLsn);
        }
        SourceException first = null;
        for (ServerAddress host : address.each()) {
            ServerSlot server = new ServerSlot(() -> host, slot, answerTimeoutMs);
            try {
                Answer answer = ask(server, queueEndLsn);
                open = server;
                return answer;
            } catch (SourceException e) {
                server.close();
                first = first == null ? e : first;
            }
        }
        if (first == null) {
            throw new IllegalStateException("an address without a host");
        }
        throw first;
    }

    private static Answer ask(ServerSlot server, long queueEndLsn) {
        SlotReading reading = server.read(0);
        WalHolder holder = WalHolder.of(reading, false, queueEndLsn, queueEndLsn, List.of());
        long has = Lsn.max(queueEndLsn, reading.confirmedLsn());
        return new Answer(
                server.where(),
                new SlotLook(
                        reading,
                        new SlotForecast(null, null),
                        holder,
                        Math.max(0, reading.walEndLsn() - has),
                        null,
                        ConfirmPolicy.SINKS,
                        reading.when(),
                        null),
                reading.active() ? server.user() : null);
    }

    /** Returns the look for an error: nothing is known. */
    public static SlotLook failed(SourceException error) {
        return new SlotLook(
                null,
                new SlotForecast(null, null),
                null,
                0,
                null,
                ConfirmPolicy.SINKS,
                Instant.now(),
                error.describe());
    }

    @Override
    public void close() {
        ServerSlot known = open;
        if (known != null) {
            known.close();
        }
    }
}
