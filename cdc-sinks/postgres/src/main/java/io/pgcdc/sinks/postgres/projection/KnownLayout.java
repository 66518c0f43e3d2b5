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
 * The layout of a source table to which the rows in the target correspond. Compare two layouts of a table to find what was altered
 * between them.
 *
 * @param relation pg_class.oid at the source
 * @param source the table's name at the source
 * @param target the table in the target that has the rows
 * @param rewrites see {@link TableFacts#rewrites}
 * @param lastAttnum see {@link TableFacts#lastAttnum}
 * @param partitioned see {@link TableFacts#partitioned}
 * @param root pg_class.oid of the topmost table above this partition; 0 if it is not a partition
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
     * @param attnum see {@link ColumnFacts#attnum}; 0 if not known
     * @param stamp see {@link ColumnFacts#stamp}
     * @param type pg_type.oid
     * @param filled see {@link ColumnFacts#filled}; false in a stored layout
     * @param missing see {@link ColumnFacts#missing}; a stored layout has the empty text in place of the value
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

    /** Returns the layout that {@link LayoutTable} reads after it stored this one. */
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

    /** Returns this layout with another target table. */
    KnownLayout withTarget(TableName other) {
        return new KnownLayout(relation, source, other, rewrites, lastAttnum, partitioned, root, columns);
    }

    /** Returns this layout with the target {@code pgcdc_moved_<oid>}. A source table is unlikely to have that name. */
    KnownLayout movedAside() {
        return withTarget(aside());
    }

    /** Returns true if its rows were moved aside. */
    boolean isMovedAside() {
        return target.equals(aside());
    }

    private TableName aside() {
        return new TableName(target.schema(), "pgcdc_moved_" + Integer.toUnsignedString(relation));
    }

    /**
     * Returns a checksum (CRC-32C) of the table's names, its columns and the count of rewrites, as 8 hex digits. It almost always
     * differs between layouts.
     */
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

    /** Returns true if the attnum of each column is known. */
    boolean isKnown() {
        return columns.stream().noneMatch(column -> column.attnum == 0);
    }

    /** Returns true if both have the same columns, by name, type and typmod. */
    boolean looksLike(KnownLayout other) {
        return columns.size() == other.columns.size()
                && columns.stream()
                        .allMatch(column -> other.columns.stream()
                                .anyMatch(o -> o.name.equals(column.name)
                                        && o.type == column.type
                                        && o.typmod == column.typmod));
    }

    /**
     * Returns this layout with the facts of another layout of the table. A column takes attnum, stamp and missing from the other's
     * column of the same name, if that attnum is known.
     */
    KnownLayout withHistoryOf(KnownLayout other) {
        List<KnownColumn> merged = columns.stream()
                .map(column -> other.columns.stream()
                        .filter(o -> o.name.equals(column.name) && o.attnum != 0)
                        .findFirst()
                        .map(column::withHistoryOf)
                        .orElse(column))
                .toList();
        // a layout that is not known has the count 0, which is not the true count: a comparison with it would report a
        // rewrite that never happened, or miss one
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
