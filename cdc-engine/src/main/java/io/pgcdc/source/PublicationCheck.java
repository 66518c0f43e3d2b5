package io.pgcdc.source;

import io.pgcdc.catalog.CatalogConnection;
import io.pgcdc.catalog.Preflight;
import io.pgcdc.catalog.PublicationQueries;
import io.pgcdc.catalog.RelationCatalog;
import io.pgcdc.catalog.RemedySql;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.Finding;
import io.pgcdc.error.Remedy;
import io.pgcdc.model.TableName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;

/** Checks what the publications hold, and what one that is to be created would do to the application. Changes nothing. Capture thread. */
public final class PublicationCheck {

    private final SourceConfig source;
    private final CatalogConnection catalog;

    public PublicationCheck(SourceConfig source, CatalogConnection catalog) {
        this.source = source;
        this.catalog = catalog;
    }

    /** Returns what a person should know. It is fatal only while the slot does not exist: later, nothing is created. */
    public List<Finding> inspect(Preflight.Findings found) {
        List<Finding> findings = new ArrayList<>();
        List<String> missing = found.missingPublications();
        List<String> existing = new ArrayList<>(source.publications());
        existing.removeAll(missing);
        boolean first = found.slot() == null;
        if (source.createPublication() && !missing.isEmpty()) {
            harm(String.join(", ", missing), findings);
        } else if (source.createPublication()
                && first
                && !source.publicationTables().isEmpty()) {
            lacking(existing, findings);
        }
        if (!existing.isEmpty()) {
            empty(existing, findings);
        }
        if (!source.aliases().isEmpty()) {
            aliases(existing, !missing.isEmpty(), findings);
        }
        return findings;
    }

    private void harm(String publication, List<Finding> findings) {
        List<TableName> tables = catalog.ask(
                "looking for tables without a replica identity",
                connection -> PublicationQueries.withoutIdentity(connection, source.publicationTables()));
        if (!tables.isEmpty()) {
            findings.add(Finding.fatal(
                    ErrorCode.REPLICA_IDENTITY_MISSING,
                    "from the moment publication " + publication
                            + " has them, every UPDATE and DELETE fails in tables without a"
                            + " replica identity: " + list(tables),
                    catalog.where(),
                    identityFull(
                            "Name other tables with --table; or create the publication yourself, for inserts alone: CREATE PUBLICATION"
                                    + " ... WITH (publish = 'insert'); or give each a primary key, or",
                            tables)));
        }
    }

    private void lacking(List<String> existing, List<Finding> findings) {
        List<TableName> tables = catalog.ask(
                "comparing the publications with --table",
                connection -> PublicationQueries.notPublished(connection, source.publicationTables(), existing));
        if (!tables.isEmpty()) {
            findings.add(Finding.fatal(
                    ErrorCode.PUBLICATION_LACKS_TABLE,
                    "publication " + String.join(", ", existing) + " exists already, and does not have " + list(tables)
                            + ": --table is for a publication that is created",
                    catalog.where(),
                    Remedy.sql(
                            "Name another --publication; or leave --table out; or, as the tables' owner",
                            RemedySql.addTables(existing.get(0), tables))));
        }
    }

    private void empty(List<String> existing, List<Finding> findings) {
        List<String> empty = catalog.ask(
                "looking for empty publications", connection -> PublicationQueries.empty(connection, existing));
        if (!empty.isEmpty()) {
            findings.add(Finding.warning(
                    ErrorCode.PUBLICATION_EMPTY,
                    "publication " + String.join(", ", empty) + " has no table, so no change comes through it",
                    catalog.where(),
                    filled(empty)));
        }
    }

    /** Returns how the empty publications get a table of the database, if there is one. */
    private Remedy filled(List<String> empty) {
        List<TableName> tables = catalog.ask("listing the tables", RelationCatalog::tables);
        return tables.isEmpty()
                ? Remedy.words("Create the tables, then add them with ALTER PUBLICATION ... ADD TABLE.")
                : Remedy.sql(
                        "As the owner of publication and table, with the tables that you want",
                        empty.stream()
                                .map(publication -> RemedySql.addTables(publication, tables.subList(0, 1)))
                                .toArray(String[]::new));
    }

    /** @param creates true if a publication is to be created */
    private void aliases(List<String> existing, boolean creates, List<Finding> findings) {
        List<TableName> tables = catalog.ask("looking for tables that an alias matches", connection -> {
            List<TableName> published = RelationCatalog.tables(connection);
            List<TableName> others = PublicationQueries.notPublished(connection, published, existing);
            if (creates && source.publicationTables().isEmpty()) {
                others.clear();
            } else if (creates) {
                others.removeAll(source.publicationTables());
            }
            published.removeAll(new HashSet<>(others));
            return published;
        });
        List<String> unused = source.aliases().unused(tables);
        if (!unused.isEmpty()) {
            findings.add(Finding.warning(
                    ErrorCode.ALIAS_UNUSED,
                    "source.table_aliases gives no published table a name by " + String.join(", ", unused),
                    catalog.where(),
                    Remedy.words(
                            "Correct the pattern, or publish such a table. A pattern must match the whole schema.table, and a table has"
                                    + " the name of the first one that matches.")));
        }
    }

    /** Returns a remedy that makes the tables' whole rows their replica identity. */
    static Remedy identityFull(String words, List<TableName> tables) {
        return Remedy.sql(words, tables.stream().map(RemedySql::identityFull).toArray(String[]::new));
    }

    static String list(List<TableName> tables) {
        return tables.stream().map(TableName::toString).collect(Collectors.joining(", "));
    }
}
