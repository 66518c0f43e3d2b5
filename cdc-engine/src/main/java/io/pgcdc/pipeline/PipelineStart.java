package io.pgcdc.pipeline;

import io.pgcdc.address.ServerAddress;
import io.pgcdc.capture.Capture;
import io.pgcdc.catalog.CatalogConnection;
import io.pgcdc.catalog.SlotUpkeep;
import io.pgcdc.decode.PgOutput;
import io.pgcdc.error.CdcException;
import io.pgcdc.guard.SlotLook;
import io.pgcdc.guard.SlotWatch;
import io.pgcdc.guard.Watched;
import io.pgcdc.life.Closing;
import io.pgcdc.life.Lifecycle;
import io.pgcdc.life.Worker;
import io.pgcdc.queue.QueueConfig;
import io.pgcdc.queue.QueueHome;
import io.pgcdc.sink.Sink;
import io.pgcdc.sink.SourceId;
import io.pgcdc.snapshot.Ledger;
import io.pgcdc.snapshot.SnapshotParts;
import io.pgcdc.snapshot.SnapshotSinks;
import io.pgcdc.snapshot.Snapshots;
import io.pgcdc.source.HostChoice;
import io.pgcdc.source.LayoutSource;
import io.pgcdc.source.RelationAssembly;
import io.pgcdc.source.ServerSlotMaker;
import io.pgcdc.source.SilentStream;
import io.pgcdc.source.SlotAtStart;
import io.pgcdc.source.SlotMaker;
import io.pgcdc.source.SlotOpening;
import io.pgcdc.source.SourceConfig;
import io.pgcdc.source.SourceSession;
import io.pgcdc.wire.NewSlot;
import io.pgcdc.wire.ReplicationConnection;
import io.pgcdc.wire.ReplicationStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Opens source and queue, in phases: locks the queue's directory, identifies and checks a host, creates missing publications and the slot,
 * opens the queue, and resumes the stream. Creates nothing before all checks have passed, so that a refusal changes nothing.
 */
final class PipelineStart implements AutoCloseable {

    private final PipelineConfig config;
    private final SourceConfig source;
    private final Lifecycle lifecycle;
    private final Closing closing;
    private final QueueHome home;
    private final Closing companion;
    private final CatalogConnection catalog;
    private final HostChoice hosts;
    private final HostVisit visit;
    private final Set<String> sinkNames;
    private @Nullable OpenQueue queue;
    private @Nullable SourceSession session;
    private long slotLsnAtStart;
    private boolean newQueue;
    private SnapshotStart.Way way = SnapshotStart.Way.NONE;
    private @Nullable Ledger ledger;
    private int nextXid;
    private @Nullable String slotSnapshot;
    private @Nullable Snapshots snapshots;
    private volatile @Nullable SlotWatch watch;

    private PipelineStart(
            PipelineConfig config,
            Map<String, Sink> sinks,
            Lifecycle lifecycle,
            Closing closing,
            QueueHome home,
            boolean takeOver,
            Closing companion) {
        this.companion = companion;
        this.config = config;
        this.source = config.source();
        this.lifecycle = lifecycle;
        this.closing = closing;
        this.home = home;
        hosts = new HostChoice(source.address(), lifecycle, Capture.passing(source));
        catalog = closing.add(Pipeline.catalog(source.address(), source));
        sinkNames = sinks.keySet();
        visit = new HostVisit(config, sinks, lifecycle, catalog, home, takeOver);
    }

    /**
     * Does all phases except the last: the run starts the stream.
     *
     * @param sinks a new queue asks them for their positions
     * @param companion opens what is open beside the run, once the queue is locked
     * @param home locks and opens where the queue is kept
     * @param takeOver true: end an earlier owner's connection to the slot
     * @param acceptGap true: continue even if changes between queue and slot are missing
     * @throws CdcException a check failed
     */
    static PipelineStart open(
            PipelineConfig config,
            Map<String, Sink> sinks,
            Lifecycle lifecycle,
            boolean acceptGap,
            Supplier<QueueHome> home,
            boolean takeOver,
            Supplier<? extends AutoCloseable> companion) {
        Closing closing = new Closing();
        try {
            QueueHome locked = closing.add(home.get());
            Closing beside = closing.add(new Closing());
            beside.add(companion.get());
            PipelineStart start = new PipelineStart(config, sinks, lifecycle, closing, locked, takeOver, beside);
            HostVisit.Passed passed = start.identifyAndCheck(acceptGap);
            start.create(passed.session(), passed.start());
            start.openQueue(passed.start());
            return start;
        } catch (RuntimeException | Error e) {
            closing.close();
            throw e;
        }
    }

    /** Finds a host that passes all checks. Changes no host. */
    private HostVisit.Passed identifyAndCheck(boolean acceptGap) {
        Supplier<OpenQueue> known = home.identity() == null ? null : this::opened;
        try {
            return hosts.first(host -> visit.first(host, known, false), false);
        } catch (CdcException e) {
            if (!acceptGap || !Start.GAPS.contains(e.code()) || lifecycle.stopping()) {
                throw e;
            }
            return hosts.withGap(host -> visit.first(host, known, true), Start.GAPS);
        }
    }

    /** Creates the publications and the slot if they are missing. */
    private void create(SourceSession passed, Start start) {
        session = closing.add(passed);
        way = SnapshotStart.decide(
                config.snapshot(),
                phase(),
                passed.findings().slot() != null,
                home.identity() == null || opened().isNew(),
                source.slot(),
                catalog.where());
        if (way != SnapshotStart.Way.NONE) {
            visit.recordTimeline(passed);
            Ledger found = Ledger.open(home.ledger());
            if (found.phase() == null || start instanceof Start.GapAccepted) {
                found.intend();
            }
            ledger = found;
        } else if (phase() == Ledger.Phase.READING) {
            Ledger.open(home.ledger()).intend();
        }
        NewSlot slot = slot(passed);
        slotLsnAtStart = slot.consistentPoint();
        slotSnapshot = slot.snapshot();
    }

    private NewSlot slot(SourceSession passed) {
        Runnable end = () -> {
            catalog.abort();
            passed.connection().abort();
        };
        SlotOpening opening = new SlotOpening(source, catalog.where());
        SlotMaker maker = new ServerSlotMaker(catalog, passed);
        return lifecycle.waiting(end, () -> opening.open(passed.findings(), maker, way == SnapshotStart.Way.EXPORTED));
    }

    /** Returns how far an earlier run's snapshot is; null: there was none. */
    private Ledger.@Nullable Phase phase() {
        return home.identity() == null ? null : Ledger.open(home.ledger()).phase();
    }

    private void openQueue(Start start) {
        visit.recordTimeline(session());
        newQueue = opened().isNew();
        start.apply(opened(), slotLsnAtStart, session().system().timeline());
        opened().walEndsAt(flushLsnAtStart());
        snapshots = open(start instanceof Start.GapAccepted);
    }

    /** Finds the snapshots to read, and begins with the first one if the pipeline begins with rows. */
    private Snapshots open(boolean gap) {
        OpenQueue into = opened();
        SnapshotSinks sinks = new SnapshotSinks(
                List.copyOf(sinkNames), (sink, table) -> config.route(sink).takes(table.schema(), table.name()));
        Ledger first = ledger;
        SnapshotParts parts = SnapshotParts.of(
                source, sinks, hosts::current, catalog, config.snapshot(), config.maxRowBytes(), lifecycle);
        Snapshots found = closing.add(Snapshots.open(
                parts,
                home.orderedSnapshots(),
                into.store(),
                into.relations(),
                into.checkpointIndex(),
                gap || first != null));
        String exported = slotSnapshot;
        if (first != null && exported != null) {
            found.take(first, exported, slotLsnAtStart);
        } else if (first != null) {
            found.resume(first, into.store(), into.relations(), into.checkpointIndex());
        }
        return found;
    }

    /** Returns the queue. The first call opens it: a known queue before the host is checked, a new one after. */
    private OpenQueue opened() {
        OpenQueue open = queue;
        if (open == null) {
            open = OpenQueue.open(home.storage(), config, closing, lifecycle.clock());
            queue = open;
        }
        return open;
    }

    private SourceSession session() {
        SourceSession open = session;
        if (open == null) {
            throw new IllegalStateException("no host has passed");
        }
        return open;
    }

    /** Returns the end of the server's WAL when the connection was made. */
    long flushLsnAtStart() {
        return session().system().flushLsn();
    }

    SlotAtStart slotAtStart() {
        return new SlotAtStart(slotLsnAtStart, flushLsnAtStart());
    }

    /** Logs how the run starts. Call it once its sinks are known. */
    void report() {
        StartReport.log(config, session(), opened(), newQueue);
    }

    OpenQueue queue() {
        return opened();
    }

    Snapshots snapshots() {
        Snapshots found = snapshots;
        if (found == null) {
            throw new IllegalStateException("the queue is not open");
        }
        return found;
    }

    /** Returns the list of open resources. A run adds its own. */
    Closing closing() {
        return closing;
    }

    /** Returns what is open beside the run. Closed at the end of the start's resources, unless a run has closed it before. */
    AutoCloseable companion() {
        return companion;
    }

    /** Returns the host that capture reads from. Any thread. */
    ServerAddress host() {
        return hosts.current();
    }

    /** Returns what was last seen of the slot; null: nothing yet. Any thread. */
    @Nullable
    SlotLook slot() {
        SlotWatch started = watch;
        return started == null ? null : started.last();
    }

    /**
     * Returns the source for a run.
     *
     * @param silent true: acknowledge nothing to the server
     */
    OpenSource source(boolean silent) {
        return new Server(silent);
    }

    @Override
    public void close() {
        closing.close();
    }

    /** The open source over the session. */
    private final class Server implements OpenSource {

        private final boolean silent;

        Server(boolean silent) {
            this.silent = silent;
        }

        @Override
        public SourceId id() {
            return visit.sourceId(session());
        }

        @Override
        public ReplicationStream start(long resumeLsn) {
            return stream(session(), resumeLsn);
        }

        @Override
        public ReplicationStream again(long receivedLsn, long resumeLsn) {
            return hosts.first(
                    host -> {
                        SourceSession again = visit.again(host, receivedLsn, resumeLsn);
                        try {
                            return stream(again, resumeLsn);
                        } catch (RuntimeException e) {
                            again.close();
                            throw e;
                        }
                    },
                    true);
        }

        private ReplicationStream stream(SourceSession on, long resumeLsn) {
            ReplicationConnection connection = on.connection();
            nextXid = on.findings().server().nextXid();
            connection.start(
                    source.slot(), resumeLsn, PgOutput.VERSION, source.publications(), (int) source.receiveTimeoutMs());
            return silent ? new SilentStream(connection) : connection;
        }

        @Override
        public Snapshots snapshots() {
            return PipelineStart.this.snapshots();
        }

        @Override
        public int nextXid() {
            return nextXid;
        }

        @Override
        public LayoutSource layouts() {
            return new RelationAssembly(catalog, source.slot(), source.publications(), source.aliases());
        }

        @Override
        public long emitMessage(String prefix) {
            return new SlotUpkeep(catalog).emitMessage(prefix);
        }

        @Override
        public @Nullable Worker watch(Watched run) {
            if (silent || source.watchIntervalMs() == 0) {
                return null;
            }
            QueueConfig queued = config.queue();
            SlotWatch started = SlotWatch.of(
                    hosts::current,
                    source.slot(),
                    (int) source.receiveTimeoutMs(),
                    run,
                    lifecycle,
                    new SlotWatch.Limits(
                            source.watchIntervalMs(), queued.autoQueueBelowPercent(), queued.autoQueueBelowMs()));
            watch = started;
            return started;
        }

        @Override
        public String where() {
            return catalog.where();
        }
    }
}
