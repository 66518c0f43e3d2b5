package io.pgcdc.snapshot;

import io.pgcdc.catalog.PublishedTables.TableFile;
import io.pgcdc.model.Column;
import io.pgcdc.model.Membership;
import io.pgcdc.model.Relation;
import io.pgcdc.model.TableName;
import io.pgcdc.session.Quoted;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table that a snapshot reads.
 *
 * @param layout of its rows, as the stream would announce it
 * @param files its own file, or those of its partitions
 * @param where a condition in SQL that rows must meet; null: all rows
 */
record SnapshotTable(
        Relation layout, List<TableFile> files, @Nullable String where) {

    SnapshotTable {
        files = List.copyOf(files);
    }

    int oid() {
        return layout.oid();
    }

    TableName name() {
        return new TableName(layout.schema(), layout.name());
    }

    /** Returns the size of all its files. */
    long blocks() {
        return files.stream().mapToLong(TableFile::blocks).sum();
    }

    /** Returns the names of the key's columns; empty: rows have no key. */
    List<String> keyColumns() {
        List<Integer> key = layout.recordIdColumns();
        return key == null
                ? List.of()
                : key.stream().map(i -> layout.columns().get(i).name()).toList();
    }

    /** Returns the FROM clause of a query of all its rows. */
    String from() {
        boolean partitioned = files.stream().noneMatch(file -> file.oid() == oid());
        return " FROM " + (partitioned ? "" : "ONLY ") + name().sql();
    }

    /** Returns true if parts of it can be read one after the other while it changes. */
    boolean hasParts() {
        return layout.recordIdColumns() != null
                && layout.publications().stream().anyMatch(Membership::update);
    }

    /** Returns the beginning of a query of the published columns. */
    String select() {
        return "SELECT "
                + Quoted.identifiers(layout.columns().stream().map(Column::name).toList());
    }

    /** Reads all rows. */
    SnapshotTable(Relation layout, List<TableFile> files) {
        this(layout, files, null);
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
