package io.pgcdc.connect.task;

import io.pgcdc.connect.config.SourceSpec;
import io.pgcdc.connect.config.Wording;
import io.pgcdc.connect.offset.KeptOffset;
import io.pgcdc.connect.offset.SourceState;
import io.pgcdc.connect.offset.StreamOffset;
import io.pgcdc.error.CdcException;
import io.pgcdc.model.Lsn;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.source.TransactionContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a task does: gives Kafka Connect the records that are ready, says where Kafka transactions end, and sends a heartbeat where nothing else
 * carries the position. The task's thread, except {@link #answered}, {@link #committed} and {@link #close}.
 */
public final class SourceTaskWork implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SourceTaskWork.class);

    /** The longest wait for records. Kafka Connect stops and commits between two polls. */
    private static final long WAIT_MS = 200;

    /** Of finished records that wait. More would only age: the rest waits as bytes, which the garbage collector does not walk through. */
    private static final long LARGEST_HAND_OVER = 4 << 20;

    /** Records of an answer after which nothing more is added to it. */
    private static final int MOST_RECORDS = 20_000;

    /**
     * While many changes come, an answer waits so long for more: the end of a Kafka transaction costs worker and broker as much as hundreds of
     * records. It waits within poll(): Kafka Connect may be told to pause afterwards, and a transaction that stays open then is aborted by the broker.
     */
    private static final long GATHER_MS = 50;

    /** Many: the last Kafka transaction had this part of what one may have. */
    private static final int MANY = 16;

    /** A Kafka transaction ends after that time, even if the source's goes on: brokers abort those that take too long. */
    private static final long LONGEST_TRANSACTION_MS = 20_000;

    private final SourceSpec spec;
    private final @Nullable TransactionContext transactions;
    private final HandOver handOver;
    private final Heartbeats heartbeats;
    private final TaskRun run;
    private final SourceMetrics metrics;
    private final AnswerWatch answers;

    /** Null: Kafka's transactions keep offsets together. */
    private final @Nullable LedgerOrder ledgers;

    /** How far the stream is with the records that were given to Kafka Connect; null: nowhere yet. */
    private @Nullable StreamOffset at;

    /** What the last record carried that Kafka Connect got. */
    private @Nullable StreamOffset carried;

    private boolean inTransaction;

    /** True if the Kafka transaction is open that the last records went into. */
    private boolean isOpen;

    private long transactionBytes;
    private long transactionNanos;

    /** Of the Kafka transaction before, and when it ended. */
    private long lastBytes;

    private long endedNanos = System.nanoTime();

    /** A parcel that was taken, and waits for the next answer; null: none does. */
    private @Nullable Parcel held;

    private long carriedNanos = System.nanoTime();

    /**
     * Begins to read the source.
     *
     * @param connector its name
     */
    public SourceTaskWork(String connector, SourceSpec spec, SourceTaskContext context) {
        this.spec = spec;
        transactions = context.transactionContext();
        handOver = new HandOver(Math.min(LARGEST_HAND_OVER, spec.memoryBytes() / 2));
        Map<String, String> properties = context.configs();
        boolean answersLate = "interval".equalsIgnoreCase(properties.get("transaction.boundary"));
        answers = new AnswerWatch(spec.name(), System::nanoTime, answersLate ? text -> {} : LOG::warn);
        boolean exactlyOnce =
                transactions != null || "required".equalsIgnoreCase(properties.get("exactly.once.support"));
        ledgers = exactlyOnce ? null : new LedgerOrder(answers);
        heartbeats = new Heartbeats(spec.heartbeatTopic(), spec.name(), spec.isBytes(), InstantSource.system());
        run = new TaskRun(connector, spec, handOver, () -> open(context.offsetStorageReader()));
        metrics = SourceMetrics.show(connector, spec.name(), run, handOver);
        run.start();
    }

    private Opened open(OffsetStorageReader reader) {
        SourceState state =
                SourceState.load(spec.name(), spec.source().slot(), reader, new ServerIdentity(spec.source()));
        KeptPosition kept = new KeptPosition(reader, state, answers::check, "cdc/" + spec.name() + "/offsets");
        kept.start();
        return new Opened(state, new Outbox(state, handOver, heartbeats, kept::acknowledged), kept, state.stream());
    }

    /** Returns the next records; null: there are none now. None, but not null: the Kafka transaction ends. */
    public @Nullable List<SourceRecord> poll() throws InterruptedException {
        Opened opened = run.opened();
        long wanted = opened == null ? Lsn.INVALID : opened.outbox().wanted();
        if (transactions == null) {
            transactionBytes = 0;
        }
        if (ledgers != null) {
            ledgers.await(held == null ? 0 : WAIT_MS);
        }
        Parcel parcel = next(WAIT_MS);
        List<SourceRecord> records = new ArrayList<>();
        if (parcel == null) {
            rethrow(handOver.failure());
            if (opened != null) {
                idle(opened, wanted, records);
                isOpen |= transactions != null && !records.isEmpty();
            }
        }
        while (parcel != null) {
            if (isOpen && !inTransaction && !parcel.isWhole()) {
                held = parcel; // whole transactions must not wait for a long one
                return ended(records);
            }
            if (ledgers == null || ledgers.mayGo(parcel)) {
                add(parcel, records);
            } else {
                records.addAll(parcel.records().subList(0, parcel.ledgers()));
                held = parcel.withoutLedgers();
            }
            parcel = held == null && isRoom(records) ? next(gatherMs()) : null;
        }
        return inTransaction && !isLong() ? given(records) : ended(records);
    }

    private @Nullable Parcel next(long waitMs) throws InterruptedException {
        Parcel first = held;
        held = null;
        return first == null ? handOver.take(waitMs) : first;
    }

    /** Returns true if no record of the stream may be given now. */
    private boolean isStreamHeld() {
        return ledgers != null && ledgers.areUnderWay();
    }

    private void add(Parcel parcel, List<SourceRecord> records) {
        at = parcel.after();
        inTransaction = !parcel.isWhole() && (inTransaction || !parcel.records().isEmpty());
        if (parcel.records().isEmpty()) {
            return;
        }
        if (transactionBytes == 0) {
            transactionNanos = System.nanoTime();
        }
        records.addAll(parcel.records());
        transactionBytes += parcel.bytes();
        isOpen = transactions != null;
        if (parcel.ledgers() < parcel.records().size()) {
            carried = at;
            carriedNanos = System.nanoTime();
        }
    }

    /** Returns true if another parcel may go into the same answer. */
    private boolean isRoom(List<SourceRecord> records) {
        return records.size() < MOST_RECORDS && transactionBytes < mostTogether();
    }

    /** Bytes of an answer after which nothing more is added to it. Its records are in memory until Kafka has them. */
    private long mostTogether() {
        return Math.min(spec.memoryBytes(), Math.min(spec.commitBytes(), spec.splitBytes()));
    }

    /** Returns how long an answer that has records waits for more. */
    private long gatherMs() {
        return isOpen && !inTransaction && (isBusy() || isMoreToCome()) ? Math.max(0, GATHER_MS - openMs()) : 0;
    }

    private boolean isBusy() {
        return lastBytes >= mostTogether() / MANY
                && TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - endedNanos) < 2 * GATHER_MS;
    }

    private boolean isMoreToCome() {
        Opened opened = run.opened();
        return opened != null && opened.outbox().isMoreToCome();
    }

    private boolean isLong() {
        return transactionBytes >= spec.splitBytes() || openMs() > LONGEST_TRANSACTION_MS;
    }

    private long openMs() {
        return isOpen ? TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - transactionNanos) : 0;
    }

    /** Ends the Kafka transaction after the records, if one is open. */
    private @Nullable List<SourceRecord> ended(List<SourceRecord> records) {
        if (transactions == null || !isOpen) {
            return given(records);
        }
        transactions.commitTransaction();
        lastBytes = transactionBytes;
        endedNanos = System.nanoTime();
        transactionBytes = 0;
        isOpen = false;
        List<SourceRecord> given = given(records);
        return given == null ? List.of() : given;
    }

    private @Nullable List<SourceRecord> given(List<SourceRecord> records) {
        if (records.isEmpty()) {
            return null;
        }
        answers.given(records);
        return records;
    }

    /** Adds what no record of a change has carried. Nothing waits to be taken. */
    private void idle(Opened opened, long wanted, List<SourceRecord> records) {
        if (inTransaction && transactions != null) {
            return;
        }
        for (KeptOffset changed : opened.outbox().takeChangedWhenIdle()) {
            records.add(heartbeats.carrying(changed));
            if (ledgers != null) {
                ledgers.given();
            }
        }
        StreamOffset now = at == null ? opened.from() : at;
        if (now == null || inTransaction || isStreamHeld()) {
            return;
        }
        now = now.acknowledging(wanted);
        boolean due = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - carriedNanos) >= spec.heartbeatMs();
        if (due && !now.equals(carried)) {
            records.add(heartbeats.carrying(new KeptOffset(opened.outbox().partition(), now.toMap())));
            carried = now;
            carriedNanos = System.nanoTime();
        }
    }

    private static void rethrow(@Nullable Throwable failure) {
        if (failure instanceof CdcException e) {
            throw new ConnectException(Wording.of(e), e);
        }
        if (failure != null) {
            throw new ConnectException(failure.toString(), failure);
        }
    }

    /** Notes that Kafka has a record, or that Kafka Connect dropped it. Any thread. */
    public void answered() {
        answers.answered();
    }

    /** Notes that Kafka Connect has committed offsets. Any thread. */
    public void committed() {
        Opened opened = run.opened();
        if (opened != null) {
            opened.kept().committed();
        }
    }

    /** Stops reading. Any thread. */
    @Override
    public void close() {
        metrics.close();
        run.close();
        Opened opened = run.opened();
        if (opened != null) {
            opened.kept().close();
        }
    }
}
