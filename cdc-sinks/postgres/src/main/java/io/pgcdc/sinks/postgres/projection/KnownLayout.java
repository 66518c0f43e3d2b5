package io.pgcdc.sinks.postgres.projection;

import io.pgcdc.model.Column;
import io.pgcdc.model.Relation;
import io.pgcdc.model.TableFacts;
import io.pgcdc.model.TableFacts.ColumnFacts;
import io.pgcdc.model.TableName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A source table's layout, as the rows in its target have it. Comparing two of them tells what was altered in between.
 *
 * @param relation pg_class.oid at the source
 * @param target the table with its rows
 * @param rewrites see {@link TableFacts#rewrites}
 * @param lastAttnum see {@link TableFacts#lastAttnum}
 * @param root oid of the topmost table that it is a partition of; 0 for none
 */
record KnownLayout(
        int relation,
        TableName source,
        TableName target,
        int rewrites,
        int lastAttnum,
        boolean partitioned,
        int root,
        List<KnownColumn> columns) {

    /**
     * One column.
     *
     * @param attnum 0 if not known
     * @param type pg_type.oid
     * @param filled see {@link ColumnFacts#filled}; not stored
     * @param missing whether rows older than the column have a value, and which; stored without its text
     */
    record KnownColumn(
            String name,
            int attnum,
            int stamp,
            int type,
            int typmod,
            boolean filled,
            @Nullable String missing) {

        private KnownColumn asStored() {
            return new KnownColumn(name, attnum, stamp, type, typmod, false, missing == null ? null : "");
        }

        private KnownColumn withHistoryOf(KnownColumn other) {
            return new KnownColumn(name, other.attnum, other.stamp, type, typmod, filled, other.missing);
        }
    }

    KnownLayout {
        columns = List.copyOf(columns);
    }

    static KnownLayout of(Relation relation, TableName target) {
        TableFacts facts = relation.facts();
        List<KnownColumn> columns = new ArrayList<>();
        for (int i = 0; i < relation.columns().size(); i++) {
            Column column = relation.columns().get(i);
            ColumnFacts known = facts == null ? null : facts.columns().get(i);
            int type = column.type().oid();
            columns.add(
                    known == null
                            ? new KnownColumn(column.name(), 0, 0, type, column.typmod(), false, null)
                            : new KnownColumn(
                                    column.name(),
                                    known.attnum(),
                                    known.stamp(),
                                    type,
                                    column.typmod(),
                                    known.filled(),
                                    known.missing()));
        }
        TableFacts.Root root = facts == null ? null : facts.root();
        return new KnownLayout(
                relation.oid(),
                new TableName(relation.schema(), relation.name()),
                target,
                facts == null ? 0 : facts.rewrites(),
                facts == null ? 0 : facts.lastAttnum(),
                facts != null && facts.partitioned(),
                root == null ? 0 : root.oid(),
                columns);
    }

    /** Returns the layout as it is after it was stored. */
    KnownLayout asStored() {
        return new KnownLayout(
                relation,
                source,
                target,
                rewrites,
                lastAttnum,
                partitioned,
                root,
                columns.stream().map(KnownColumn::asStored).toList());
    }

    /** Returns this layout with its rows in another table. */
    KnownLayout withTarget(TableName other) {
        return new KnownLayout(relation, source, other, rewrites, lastAttnum, partitioned, root, columns);
    }

    /** Returns this layout with its rows in a table whose name no table of the source is likely to have. */
    KnownLayout movedAside() {
        return withTarget(new TableName(target.schema(), "pgcdc_moved_" + Integer.toUnsignedString(relation)));
    }

    /** Returns a short text that almost surely differs between layouts. */
    String fingerprint() {
        CRC32C crc = new CRC32C();
        StringBuilder text =
                new StringBuilder(source.sql()).append(target.sql()).append(rewrites);
        for (KnownColumn column : columns) {
            text.append('|')
                    .append(column.name)
                    .append('|')
                    .append(column.attnum)
                    .append('|')
                    .append(column.stamp);
            text.append('|').append(column.type).append('|').append(column.typmod);
        }
        crc.update(text.toString().getBytes(StandardCharsets.UTF_8));
        return String.format("%08x", crc.getValue());
    }

    /** Returns whether the identity of each column is known. */
    boolean isKnown() {
        return columns.stream().noneMatch(column -> column.attnum == 0);
    }

    /** Returns whether both have the same columns, by name and type. */
    boolean looksLike(KnownLayout other) {
        return columns.size() == other.columns.size()
                && columns.stream()
                        .allMatch(column -> other.columns.stream()
                                .anyMatch(o -> o.name.equals(column.name)
                                        && o.type == column.type
                                        && o.typmod == column.typmod));
    }

    /** Returns this layout, with the other's facts of the columns that have the same names. */
    KnownLayout withHistoryOf(KnownLayout other) {
        List<KnownColumn> merged = columns.stream()
                .map(column -> other.columns.stream()
                        .filter(o -> o.name.equals(column.name) && o.attnum != 0)
                        .findFirst()
                        .map(column::withHistoryOf)
                        .orElse(column))
                .toList();
        // an unknown layout counts no rewrites: with its count of 0, a later rewrite would never be noticed
        KnownLayout counted = other.isKnown() ? other : this;
        return new KnownLayout(
                relation, source, target, counted.rewrites, counted.lastAttnum, partitioned, root, merged);
    }

    @Nullable
    KnownColumn byAttnum(int attnum) {
        return columns.stream()
                .filter(column -> column.attnum == attnum)
                .findFirst()
                .orElse(null);
    }
}
