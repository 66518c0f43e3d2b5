package io.pgcdc.catalog;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.Finding;
import io.pgcdc.error.SourceException;
import io.pgcdc.session.SourceFindings;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks, before anything is changed, that capture can work: each way in which it cannot is a finding of its own. Changes nothing on
 * the server.
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
     * What was found.
     *
     * @param slot null when it does not exist
     * @param missingPublications those that do not exist
     * @param findings what speaks against it, a cause before its effects
     */
    public record Findings(
            ServerFacts server, @Nullable SlotState slot, List<String> missingPublications, List<Finding> findings) {}

    /**
     * Looks at everything, as far as the server can be asked.
     *
     * @param mayBeWithoutSlot a missing slot is nothing to be found
     * @param mayPublicationsBeCreated the same for a missing publication
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
     * The same, for those who go on only if nothing speaks against it.
     *
     * @throws io.pgcdc.error.SourceException that says in which way it cannot work
     */
    public Findings check(boolean mayBeWithoutSlot, boolean mayPublicationsBeCreated) {
        Findings found = inspect(mayBeWithoutSlot, mayPublicationsBeCreated);
        SourceFindings.requireNoneFatal(found.findings());
        return found;
    }

    /**
     * The server refused the replication connection: says so with the command that lets this login in. Only the server decides that; the
     * catalog's attributes do not tell (a session's role may be another than the login's, and managed servers have roles for it).
     */
    public SourceException replicationRefused(SourceException refused) {
        if (refused.code() != ErrorCode.REPLICATION_PRIVILEGE_MISSING
                || !(refused.getCause() instanceof SQLException said)) {
            return refused;
        }
        Login login = catalog.ask("reading the login's name", SourceQueries::login);
        return new Requirements(catalog.where()).replicationRefused(login, said);
    }

    /** The slot as it is now, whatever is wrong with it; null when it does not exist. */
    private @Nullable SlotState slot() {
        return catalog.ask("reading slots", connection -> SourceQueries.slot(connection, slotName))
                .orElse(null);
    }

    /** Who uses the slot now; null when nobody does. */
    public @Nullable SlotUser slotUser() {
        return catalog.ask("reading slots", connection -> SourceQueries.slotUser(connection, slotName))
                .orElse(null);
    }

    /**
     * The slot does not exist and would have to be created now. Asks nobody.
     *
     * @param where names the server, for messages
     * @throws io.pgcdc.error.SourceException SLOT_MISSING when it may not
     */
    public static void requireLeaveToCreateSlot(String slotName, boolean maySlotBeCreated, String where) {
        Requirements requirements = new Requirements(where);
        requirements.missingSlot(slotName, maySlotBeCreated);
        SourceFindings.requireNoneFatal(requirements.findings());
    }
}
