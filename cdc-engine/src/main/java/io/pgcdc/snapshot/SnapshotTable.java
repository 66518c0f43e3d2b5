package io.pgcdc.snapshot;

import io.pgcdc.catalog.KeyColumns.KeyColumn;
import io.pgcdc.catalog.PublishedTables.TableFile;
import io.pgcdc.model.Column;
import io.pgcdc.model.Membership;
import io.pgcdc.model.PgType;
import io.pgcdc.model.Relation;
import io.pgcdc.model.TableName;
import io.pgcdc.session.Quoted;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A table that a snapshot reads.
 *
 * @param layout of its rows, as the stream would announce it
 * @param files its own file, or those of its partitions
 * @param keyColumns the key's columns; empty: rows have no key
 * @param where a condition in SQL that rows must meet; null: all rows
 */
record SnapshotTable(
        Relation layout,
        List<TableFile> files,
        List<KeyColumn> keyColumns,
        @Nullable String where) {

    /** Objects of a new server have smaller oids (PostgreSQL's access/transam.h, FirstNormalObjectId). */
    private static final int FIRST_NORMAL_OID = 16_384;

    /** Types of pg_catalog whose default order is the one of {@code <} and {@code >}. */
    private static final Set<String> ORDERED = Set.of(
            "bool",
            "bpchar",
            "bytea",
            "char",
            "cidr",
            "date",
            "float4",
            "float8",
            "inet",
            "int2",
            "int4",
            "int8",
            "interval",
            "macaddr",
            "macaddr8",
            "money",
            "name",
            "numeric",
            "oid",
            "pg_lsn",
            "text",
            "time",
            "timestamp",
            "timestamptz",
            "timetz",
            "uuid",
            "varbit",
            "varchar");

    SnapshotTable {
        files = List.copyOf(files);
        keyColumns = List.copyOf(keyColumns);
    }

    int oid() {
        return layout.oid();
    }

    /** Returns its name at the source. */
    TableName name() {
        return layout.atSource();
    }

    /** Returns the size of all its files. */
    long blocks() {
        return files.stream().mapToLong(TableFile::blocks).sum();
    }

    /** Returns the names of the key's columns; empty: rows have no key. */
    static List<String> keyNames(Relation layout) {
        List<Integer> key = layout.recordIdColumns();
        return key == null
                ? List.of()
                : key.stream().map(i -> layout.columns().get(i).name()).toList();
    }

    /** Returns the key's columns, with their types and what their order depends on; empty: rows have no key. */
    String key() {
        List<Integer> key = layout.recordIdColumns();
        List<String> texts = new ArrayList<>();
        for (int i = 0; key != null && i < key.size(); i++) {
            Column column = layout.columns().get(key.get(i));
            String order = keyColumns.get(i).order();
            texts.add(column.name() + " " + column.type().oid() + " " + column.typmod()
                    + (order.isEmpty() ? "" : " " + order));
        }
        return String.join(", ", texts);
    }

    /** Returns the FROM clause of a query of all its rows. */
    String from() {
        boolean partitioned = files.stream().noneMatch(file -> file.oid() == oid());
        return " FROM " + (partitioned ? "" : "ONLY ") + name().sql();
    }

    /** Returns true if parts of it can be read one after the other while it changes. */
    boolean hasParts() {
        return layout.recordIdColumns() != null && (eachUpdateIsPublished() || eachMembershipHasUpdates());
    }

    List<String> publicationsWithUpdates() {
        return layout.publications().stream()
                .filter(Membership::update)
                .map(Membership::publication)
                .toList();
    }

    private boolean eachUpdateIsPublished() {
        return layout.publications().stream().anyMatch(m -> m.update() && m.rowFilter() == null);
    }

    /** The filters of all publications say which rows are read, but only those of publications with UPDATE which ones are sent. */
    private boolean eachMembershipHasUpdates() {
        return !layout.publications().isEmpty()
                && layout.publications().stream().allMatch(Membership::update);
    }

    /**
     * Returns true if its rows can be read in the order of its key. Comparisons find only operators of pg_catalog, so another type's order may
     * be unknown, or not the one of its index.
     */
    boolean hasOrder() {
        List<Integer> key = layout.recordIdColumns();
        return key != null
                && key.stream()
                        .map(i -> layout.columns().get(i).type().withoutDomains())
                        .allMatch(SnapshotTable::isOrdered);
    }

    private static boolean isOrdered(PgType type) {
        return type.kind() == PgType.Kind.ENUM
                || (type.kind() == PgType.Kind.BASE
                        && Integer.compareUnsigned(type.oid(), FIRST_NORMAL_OID) < 0
                        && ORDERED.contains(type.name()));
    }

    /** Returns the beginning of a query of the published columns. */
    String select() {
        return "SELECT "
                + Quoted.identifiers(layout.columns().stream().map(Column::name).toList());
    }

    /** Reads all rows. */
    SnapshotTable(Relation layout, List<TableFile> files, List<KeyColumn> keyColumns) {
        this(layout, files, keyColumns, null);
    }

    /**
     * Returns the condition of the one who ordered the snapshot and the publications' row filters, to follow another condition. A row that one
     * of the filters passes is published.
     */
    String filter() {
        // the line feed ends a comment in the condition
        return (where == null ? "" : " AND (" + where + "\n)") + published();
    }

    private String published() {
        List<String> filters = new ArrayList<>();
        for (Membership membership : layout.publications()) {
            String filter = membership.rowFilter();
            if (filter == null) {
                return "";
            }
            filters.add(filter);
        }
        return filters.isEmpty() ? "" : " AND (" + String.join(" OR ", filters) + ")";
    }
}
