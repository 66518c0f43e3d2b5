package io.pgcdc.pipeline;

import io.pgcdc.address.ServerAddress;
import io.pgcdc.catalog.CatalogConnection;
import io.pgcdc.catalog.Preflight;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.Finding;
import io.pgcdc.error.QueueException;
import io.pgcdc.error.SourceException;
import io.pgcdc.model.TableName;
import io.pgcdc.model.TablePattern;
import io.pgcdc.queue.CaptureCheckpoint;
import io.pgcdc.queue.Layouts;
import io.pgcdc.queue.QueueIdentity;
import io.pgcdc.queue.disk.QueueDirectory;
import io.pgcdc.queue.disk.QueueView;
import io.pgcdc.snapshot.SnapshotMode;
import io.pgcdc.source.LimitCheck;
import io.pgcdc.source.PublicationCheck;
import io.pgcdc.source.SlotOpening;
import io.pgcdc.source.SourceConfig;
import io.pgcdc.source.TableCheck;
import io.pgcdc.view.RouteConfig;
import io.pgcdc.wire.ReplicationConnection;
import io.pgcdc.wire.SystemIdentity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All findings of one host of the source, a cause before its effects: what keeps a run from starting, in the words of the start, and what would
 * surprise later. Changes nothing there. Blocks its caller while the server does not answer. One thread.
 */
final class SourceInspection {

    private static final Logger LOG = LoggerFactory.getLogger(SourceInspection.class);

    private final PipelineConfig config;
    private final SourceConfig source;
    private final ServerAddress host;
    private final CatalogConnection catalog;
    private final List<Finding> findings = new ArrayList<>();
    private @Nullable QueueIdentity identity;

    private SourceInspection(PipelineConfig config, ServerAddress host, CatalogConnection catalog) {
        this.config = config;
        this.source = config.source();
        this.host = host;
        this.catalog = catalog;
    }

    /**
     * What a host says.
     *
     * @param identity what a queue of this host would be made from; null: the host did not say
     */
    record Answer(List<Finding> findings, @Nullable QueueIdentity identity) {

        boolean fits() {
            return findings.stream().noneMatch(finding -> finding.severity() == Finding.Severity.FATAL);
        }
    }

    /** Asks the host. A host that does not answer is a finding. */
    static Answer of(PipelineConfig config, ServerAddress host) {
        try (CatalogConnection catalog = Pipeline.catalog(host, config.source())) {
            SourceInspection inspection = new SourceInspection(config, host, catalog);
            try {
                inspection.inspect();
            } catch (SourceException e) {
                inspection.findings.addAll(e.findings());
            }
            return new Answer(List.copyOf(inspection.findings), inspection.identity);
        }
    }

    private void inspect() {
        Preflight preflight = new Preflight(catalog, source.slot(), source.publications());
        CaptureCheckpoint queued = queued();
        Preflight.Findings found = preflight.inspect(source.createSlot() || queued != null, source.createPublication());
        findings.addAll(found.findings());
        if (has(ErrorCode.SERVER_TOO_OLD)) {
            return;
        }
        replicate(preflight, found);
        findings.addAll(new LimitCheck(source, catalog).inspect(found));
        if (queued != null) {
            try {
                new SlotOpening(source, catalog.where()).check(found.slot(), queued.endLsn());
            } catch (SourceException e) {
                findings.addAll(e.findings());
            }
        }
        findings.addAll(new PublicationCheck(source, catalog).inspect(found));
        tables(found);
    }

    private void tables(Preflight.Findings found) {
        CatalogTables names = new CatalogTables(catalog);
        routes(new RouteCheck(names, source, config.routes()));
        TableCheck tables = new TableCheck(source, catalog, found);
        boolean reads = config.snapshot().mode() != SnapshotMode.NEVER && found.slot() == null;
        findings.addAll(tables.inspect(named(names), reads));
        findings.addAll(new PersonalDataCheck(catalog, source.aliases()).inspect(tables.published(), config.routes()));
    }

    /** Tables and columns that the queue knows count, even if they were dropped since. */
    private void routes(RouteCheck check) {
        if (!QueueDirectory.exists(config.queue().dir())) {
            findings.addAll(check.inspect(null));
            return;
        }
        try (Layouts stored = QueueView.open(config.queue().dir()).layouts()) {
            findings.addAll(check.inspect(stored));
        } catch (QueueException e) {
            LOG.debug("the check of the queue's directory tells why its layouts cannot be read", e);
        }
    }

    /** Returns the tables that sinks name one by one, and that exist under this name. */
    private List<TableName> named(CatalogTables catalogTables) {
        Set<TableName> known = Set.copyOf(catalogTables.tables());
        Set<TableName> named = new TreeSet<>(Comparator.comparing(TableName::toString));
        for (RouteConfig route : config.routes().values()) {
            for (TablePattern pattern : route.tables()) {
                String table = pattern.name();
                if (table != null && known.contains(new TableName(pattern.schema(), table))) {
                    named.add(new TableName(pattern.schema(), table));
                }
            }
        }
        return List.copyOf(named);
    }

    /** Only a replication connection proves that the login may replicate: managed servers have roles for it that the catalog does not show. */
    private void replicate(Preflight preflight, Preflight.Findings found) {
        try (ReplicationConnection connection = ReplicationConnection.open(
                host.jdbcUrl(), host.properties(), host.describe(), (int) source.receiveTimeoutMs())) {
            SystemIdentity system = connection.identifySystem();
            identity = new QueueIdentity(
                    system.systemIdentifier(),
                    found.server().database(),
                    (int) found.server().databaseOid(),
                    source.slot(),
                    system.timeline(),
                    Instant.now());
        } catch (SourceException e) {
            findings.addAll(preflight.replicationRefused(e).findings());
        }
    }

    /** Returns how far an existing queue is; null: there is none, or it is not readable, which the queue's own check tells. */
    private @Nullable CaptureCheckpoint queued() {
        try {
            return QueueDirectory.exists(config.queue().dir())
                    ? QueueView.open(config.queue().dir()).capture()
                    : null;
        } catch (QueueException e) {
            LOG.debug("the check of the queue's directory tells why its checkpoint cannot be read", e);
            return null;
        }
    }

    private boolean has(ErrorCode code) {
        return findings.stream().anyMatch(finding -> finding.code() == code);
    }
}
