package io.pgcdc.source;

import io.pgcdc.address.ServerAddress;
import io.pgcdc.catalog.CatalogConnection;
import io.pgcdc.catalog.Preflight;
import io.pgcdc.catalog.SlotUpkeep;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.life.Lifecycle;
import io.pgcdc.wire.ReplicationConnection;
import io.pgcdc.wire.SystemIdentity;

/** A replication connection to a server that passed the checks, with their results. Capture thread. */
public final class SourceSession implements AutoCloseable {

    private final Preflight.Findings findings;
    private final ReplicationConnection connection;
    private final SystemIdentity system;
    private final String where;

    private SourceSession(
            Preflight.Findings findings, ReplicationConnection connection, SystemIdentity system, String where) {
        this.where = where;
        this.findings = findings;
        this.connection = connection;
        this.system = system;
    }

    /**
     * Connects, and waits for a slot that an earlier process still holds. Changes nothing on the server.
     *
     * @param host the one server to connect to; later queries of the catalog go there too
     * @param mayBeWithoutSlot true if a missing slot is no error
     * @param mayCreatePublications true if a missing publication is no error
     */
    public static SourceSession open(
            SourceConfig source,
            ServerAddress host,
            CatalogConnection catalog,
            Lifecycle lifecycle,
            boolean mayBeWithoutSlot,
            boolean mayCreatePublications) {
        catalog.use(host);
        ReplicationConnection.Attempt attempt = new ReplicationConnection.Attempt();
        Runnable end = () -> {
            catalog.abort();
            attempt.abort();
        };
        return lifecycle.waiting(
                end, () -> open(source, host, catalog, lifecycle, attempt, mayBeWithoutSlot, mayCreatePublications));
    }

    private static SourceSession open(
            SourceConfig source,
            ServerAddress host,
            CatalogConnection catalog,
            Lifecycle lifecycle,
            ReplicationConnection.Attempt attempt,
            boolean mayBeWithoutSlot,
            boolean mayCreatePublications) {
        Preflight preflight = new Preflight(catalog, source.slot(), source.publications());
        Preflight.Findings findings = new SlotWait(preflight, source, catalog.where(), lifecycle)
                .check(() -> preflight.check(mayBeWithoutSlot, mayCreatePublications));
        ReplicationConnection connection;
        try {
            connection =
                    attempt.open(host.jdbcUrl(), host.properties(), host.describe(), (int) source.receiveTimeoutMs());
        } catch (SourceException e) {
            throw preflight.replicationRefused(e);
        }
        try {
            if (!connection.serverStartedAt().equals(new SlotUpkeep(catalog).serverStartedAt())) {
                throw new SourceException(
                        ErrorCode.SERVERS_DIFFER,
                        "two connections reached different servers, or one that restarted in between; "
                                + catalog.where()
                                + ". Start again; a host name or proxy in the URL must always reach the same server.");
            }
            return new SourceSession(findings, connection, connection.identifySystem(), host.describe());
        } catch (RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    public Preflight.Findings findings() {
        return findings;
    }

    public ReplicationConnection connection() {
        return connection;
    }

    public SystemIdentity system() {
        return system;
    }

    /** Returns host, port, database and user for messages. */
    public String where() {
        return where;
    }

    @Override
    public void close() {
        connection.close();
    }
}
