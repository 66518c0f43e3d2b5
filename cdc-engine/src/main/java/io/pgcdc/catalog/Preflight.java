package io.pgcdc.catalog;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.Finding;
import io.pgcdc.error.SourceException;
import io.pgcdc.session.SourceFindings;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks that capture can work, before anything is changed. Each reason against it is a separate finding. Changes nothing on the
 * server.
 */
public final class Preflight {

    private static final int COLUMN_LISTS_SINCE = 15;

    private final CatalogConnection catalog;
    private final String slotName;
    private final List<String> publications;

    public Preflight(CatalogConnection catalog, String slotName, List<String> publications) {
        this.catalog = catalog;
        this.slotName = slotName;
        this.publications = publications;
    }

    /**
     * The facts and findings.
     *
     * @param slot null if it does not exist
     * @param missingPublications publications that do not exist
     * @param findings the reasons against a start, each cause before its effects
     */
    public record Findings(
            ServerFacts server, @Nullable SlotState slot, List<String> missingPublications, List<Finding> findings) {}

    /**
     * Inspects everything, as far as the server can be asked.
     *
     * @param mayBeWithoutSlot true if a missing slot is no finding
     * @param mayPublicationsBeCreated true if a missing publication is no finding
     */
    public Findings inspect(boolean mayBeWithoutSlot, boolean mayPublicationsBeCreated) {
        Requirements requirements = new Requirements(catalog.where());
        ServerFacts server = catalog.ask("reading the server's settings", SourceQueries::serverFacts);
        if (!requirements.server(server)) {
            return new Findings(server, null, List.of(), requirements.findings());
        }
        SlotState slot = slot();
        if (slot == null) {
            requirements.missingSlot(slotName, mayBeWithoutSlot);
        } else {
            requirements.slot(slot, server);
        }
        List<String> missing = catalog.ask(
                "reading publications", connection -> SourceQueries.missingPublications(connection, publications));
        requirements.publications(missing, mayPublicationsBeCreated, slotName, slot);
        if (publications.size() > 1 && server.majorVersion() >= COLUMN_LISTS_SINCE) {
            List<String> tables = catalog.ask(
                    "comparing the publications' columns",
                    connection -> SourceQueries.columnConflicts(connection, publications));
            requirements.columns(tables, publications);
        }
        return new Findings(server, slot, missing, requirements.findings());
    }

    /**
     * Like {@link #inspect}, but throws the first fatal finding.
     *
     * @throws io.pgcdc.error.SourceException with the reason why capture cannot work
     */
    public Findings check(boolean mayBeWithoutSlot, boolean mayPublicationsBeCreated) {
        Findings found = inspect(mayBeWithoutSlot, mayPublicationsBeCreated);
        SourceFindings.requireNoneFatal(found.findings());
        return found;
    }

    /**
     * Returns the error of a refused replication connection, with the command that lets this login in. Only the server can decide
     * that: the catalog's attributes are not enough. The session's role may differ from the login's, and managed servers have roles
     * for replication.
     */
    public SourceException replicationRefused(SourceException refused) {
        if (refused.code() != ErrorCode.REPLICATION_PRIVILEGE_MISSING
                || !(refused.getCause() instanceof SQLException said)) {
            return refused;
        }
        Login login = catalog.ask("reading the login's name", SourceQueries::login);
        return new Requirements(catalog.where()).replicationRefused(login, said);
    }

    /** Returns the slot's current state, valid or not, or null if it does not exist. */
    private @Nullable SlotState slot() {
        return catalog.ask("reading slots", connection -> SourceQueries.slot(connection, slotName))
                .orElse(null);
    }

    /** Returns the current user of the slot, or null if nobody uses it. */
    public @Nullable SlotUser slotUser() {
        return catalog.ask("reading slots", connection -> SourceQueries.slotUser(connection, slotName))
                .orElse(null);
    }

    /**
     * Checks that the slot may be created. Called if it does not exist. Asks nobody.
     *
     * @param where names the server, for messages
     * @throws io.pgcdc.error.SourceException SLOT_MISSING if it may not
     */
    public static void requireSlotMayBeCreated(String slotName, boolean maySlotBeCreated, String where) {
        Requirements requirements = new Requirements(where);
        requirements.missingSlot(slotName, maySlotBeCreated);
        SourceFindings.requireNoneFatal(requirements.findings());
    }
}
