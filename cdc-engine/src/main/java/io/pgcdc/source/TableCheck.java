package io.pgcdc.source;

import io.pgcdc.catalog.CatalogConnection;
import io.pgcdc.catalog.Preflight;
import io.pgcdc.catalog.PublicationQueries;
import io.pgcdc.catalog.PublishedTables;
import io.pgcdc.catalog.RemedySql;
import io.pgcdc.catalog.TableAccess;
import io.pgcdc.catalog.TableAccess.Forbidden;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.Finding;
import io.pgcdc.error.Remedy;
import io.pgcdc.model.TableName;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks what comes through the publications: operations, tables, old rows, and rows for a snapshot. Changes nothing. One thread. */
public final class TableCheck {

    private static final int SHOWN = 5;

    private final SourceConfig source;
    private final CatalogConnection catalog;
    private final List<String> missing;
    private final List<String> existing;
    private @Nullable List<TableName> published;

    public TableCheck(SourceConfig source, CatalogConnection catalog, Preflight.Findings found) {
        this.source = source;
        this.catalog = catalog;
        missing = List.copyOf(found.missingPublications());
        existing = new ArrayList<>(source.publications());
        existing.removeAll(missing);
    }

    /** Returns the tables under whose names the server streams rows. Of a publication that is to be created: those that it will list. */
    public List<TableName> published() {
        List<TableName> known = published;
        if (known == null) {
            known =
                    new ArrayList<>(catalog
                            .ask(
                                    "listing the published tables",
                                    connection -> PublishedTables.tables(connection, existing))
                            .stream()
                            .map(PublishedTables.PublishedTable::name)
                            .toList());
            if (source.createPublication() && existing.isEmpty()) {
                known.addAll(source.publicationTables());
            }
            published = known;
        }
        return known;
    }

    /**
     * Returns the findings.
     *
     * @param named tables of the server that sinks name
     * @param reads true if rows that exist are to be read
     */
    public List<Finding> inspect(List<TableName> named, boolean reads) {
        List<Finding> findings = new ArrayList<>();
        creation(findings);
        operations(findings);
        notPublished(named, findings);
        identities(findings);
        if (reads) {
            access(findings);
        }
        return findings;
    }

    private void creation(List<Finding> findings) {
        List<TableName> tables = source.publicationTables();
        if (!source.createPublication()
                || missing.isEmpty()
                || catalog.ask(
                        "reading the role's privileges", connection -> TableAccess.mayPublish(connection, tables))) {
            return;
        }
        findings.add(Finding.fatal(
                ErrorCode.PRIVILEGE_MISSING,
                "the role may not create publication " + String.join(", ", missing) + ", which needs "
                        + (tables.isEmpty() ? "a superuser" : "CREATE on the database, and the tables' owner"),
                catalog.where(),
                Remedy.sql(
                        "As a superuser",
                        missing.stream()
                                .map(publication -> RemedySql.createPublication(publication, tables))
                                .toArray(String[]::new))));
    }

    private void operations(List<Finding> findings) {
        Map<String, List<String>> omitted = catalog.ask(
                "reading the publications' operations",
                connection -> PublicationQueries.omittedOperations(connection, existing));
        omitted.forEach((publication, operations) -> findings.add(Finding.warning(
                ErrorCode.PUBLICATION_OPERATIONS,
                "publication " + publication + " does not publish " + String.join(", ", operations)
                        + ", so the sinks do not get such changes",
                catalog.where(),
                Remedy.sql("If they are to come, as the publication's owner", RemedySql.publishAll(publication)))));
    }

    private void notPublished(List<TableName> named, List<Finding> findings) {
        if (named.isEmpty() || existing.isEmpty()) {
            return;
        }
        List<TableName> unpublished = catalog.ask(
                "comparing the publications with the sinks' tables",
                connection -> PublicationQueries.notPublished(connection, named, existing));
        if (!unpublished.isEmpty()) {
            findings.add(Finding.warning(
                    ErrorCode.TABLE_NOT_PUBLISHED,
                    "sinks name tables that are in no publication of the source, so no change of them comes: "
                            + shown(unpublished),
                    catalog.where(),
                    Remedy.sql(
                            "As the owner of publication and table",
                            RemedySql.addTables(existing.get(0), unpublished))));
        }
    }

    private void identities(List<Finding> findings) {
        List<TableName> tables = published();
        if (tables.isEmpty()) {
            return;
        }
        List<TableName> without = catalog.ask(
                "looking for tables without a replica identity",
                connection -> PublicationQueries.withoutIdentity(connection, tables));
        if (!without.isEmpty() && changesRows()) {
            findings.add(Finding.warning(
                    ErrorCode.REPLICA_IDENTITY_MISSING,
                    "UPDATE and DELETE fail at the source in published tables without a replica identity: "
                            + shown(without),
                    catalog.where(),
                    PublicationCheck.identityFull("Give each a primary key; or, as its owner", without)));
        }
        List<TableName> keyed = catalog.ask(
                "looking for tables whose key is their replica identity",
                connection -> PublicationQueries.withKeyAsIdentity(connection, tables));
        if (!keyed.isEmpty()) {
            findings.add(new Finding(
                    Finding.Severity.NOTE,
                    ErrorCode.REPLICA_IDENTITY_PARTIAL,
                    "the server sends keys alone of old rows, so a change's old_data has no other column, and changed_fields is null: "
                            + shown(keyed),
                    catalog.where(),
                    PublicationCheck.identityFull(
                            "If you need them, at the price of more WAL, as the table's owner", keyed)));
        }
    }

    /** Returns whether one of the publications has UPDATEs or DELETEs: for others, the server needs no identity. */
    private boolean changesRows() {
        Map<String, List<String>> omitted = catalog.ask(
                "reading the publications' operations",
                connection -> PublicationQueries.omittedOperations(connection, existing));
        return existing.stream()
                .anyMatch(publication ->
                        !omitted.getOrDefault(publication, List.of()).containsAll(List.of("update", "delete")));
    }

    /** A snapshot reads as the login's role, and refuses tables of which policies would hide rows. */
    private void access(List<Finding> findings) {
        List<TableName> tables = published();
        if (tables.isEmpty()) {
            return;
        }
        List<Forbidden> forbidden =
                catalog.ask("reading the role's privileges", connection -> TableAccess.forbidden(connection, tables));
        if (forbidden.isEmpty()) {
            return;
        }
        String role = catalog.ask("reading the role's name", TableAccess::role);
        Set<String> statements = new LinkedHashSet<>();
        for (Forbidden table : forbidden) {
            if (table.schema()) {
                statements.add(RemedySql.grantUsage(table.table().schema(), role));
            }
            if (table.rows()) {
                statements.add(RemedySql.grantSelect(table.table(), role));
            }
            if (table.security()) {
                statements.add(RemedySql.bypassRowSecurity(role));
            }
        }
        findings.add(Finding.fatal(
                ErrorCode.PRIVILEGE_MISSING,
                "role \"" + role + "\" may not read the rows of "
                        + shown(forbidden.stream().map(Forbidden::table).toList()) + ", which the snapshot needs",
                catalog.where(),
                Remedy.sql("As a superuser", statements.toArray(String[]::new))));
    }

    private static String shown(List<TableName> tables) {
        String first = PublicationCheck.list(tables.subList(0, Math.min(tables.size(), SHOWN)));
        return tables.size() > SHOWN ? first + " and more" : first;
    }
}
