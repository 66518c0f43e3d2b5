package io.pgcdc.sinks.postgres.projection;

import io.pgcdc.sinks.postgres.projection.KnownLayout.KnownColumn;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An alteration of a source table's column. The stream contains no row for it. Pure.
 *
 * @param column its current name; for a dropped column, its last name
 * @param detail RENAMED: the earlier name. ADDED: the value of old rows, as text; null for null. WIDENED: oid and typmod of the
 *     earlier type, with a blank between them
 */
record LayoutChange(Kind kind, String column, @Nullable String detail) {

    /** Kinds of alterations. */
    enum Kind {
        /** Old rows have the value in detail. */
        ADDED,
        /** The column was added and rows were rewritten. Old rows have null, unless a default filled them that was dropped later. */
        ADDED_PERHAPS_FILLED,
        RENAMED,
        /** The column is not sent any more: it was dropped, or removed from the publication. */
        GONE,
        /** The type changed, and no row was rewritten: all values are as they were. */
        WIDENED,
        /** The type changed and rows were rewritten: the new values of old rows were not sent. */
        RETYPED,
        /** The column was altered and rows were rewritten: old values may have changed. */
        REWRITTEN,
        /**
         * Like REWRITTEN, but VACUUM FULL may be the cause, which changes no value. It looks the same for a column that was added with
         * a default.
         */
        PERHAPS_REWRITTEN,
        /** Old rows may have any value in the column: it was filled when it was added, or it was not sent before. */
        FILLED,
        /** The catalog did not know the column when its layout arrived. */
        UNKNOWN;

        /** Returns true if old rows may have values that were not sent. */
        boolean losesValues() {
            return this == RETYPED || this == REWRITTEN || this == FILLED || this == UNKNOWN;
        }
    }

    /** Returns the alterations from one layout of a table to a later one. */
    static List<LayoutChange> between(KnownLayout before, KnownLayout now) {
        if (!before.isKnown() || !now.isKnown()) {
            return byName(before, now);
        }
        boolean rewritten = before.rewrites() != now.rewrites();
        List<LayoutChange> changes = new ArrayList<>();
        for (KnownColumn column : now.columns()) {
            KnownColumn old = before.byAttnum(column.attnum());
            if (old == null) {
                changes.add(come(column, before.lastAttnum(), rewritten));
            } else {
                stayed(old, column, rewritten, changes);
            }
        }
        for (KnownColumn column : before.columns()) {
            if (now.byAttnum(column.attnum()) == null) {
                changes.add(new LayoutChange(Kind.GONE, column.name(), null));
            }
        }
        return changes;
    }

    private static LayoutChange come(KnownColumn column, int lastAttnum, boolean rewritten) {
        if (column.attnum() <= lastAttnum) {
            return new LayoutChange(Kind.FILLED, column.name(), null);
        }
        if (column.missing() != null || !rewritten) {
            return new LayoutChange(Kind.ADDED, column.name(), column.missing());
        }
        return new LayoutChange(column.filled() ? Kind.FILLED : Kind.ADDED_PERHAPS_FILLED, column.name(), null);
    }

    private static void stayed(KnownColumn old, KnownColumn column, boolean rewritten, List<LayoutChange> changes) {
        if (!old.name().equals(column.name())) {
            changes.add(new LayoutChange(Kind.RENAMED, column.name(), old.name()));
        }
        boolean otherType = old.type() != column.type() || old.typmod() != column.typmod();
        if (otherType && !rewritten) {
            changes.add(new LayoutChange(Kind.WIDENED, column.name(), old.type() + " " + old.typmod()));
        }
        if (rewritten && otherType) {
            changes.add(new LayoutChange(Kind.RETYPED, column.name(), null));
        } else if (rewritten && old.stamp() != column.stamp()) {
            boolean vacuumed = old.missing() != null && column.missing() == null;
            changes.add(new LayoutChange(vacuumed ? Kind.PERHAPS_REWRITTEN : Kind.REWRITTEN, column.name(), null));
        }
    }

    /** Compares columns by name. Used if one layout has columns without a known attnum. */
    private static List<LayoutChange> byName(KnownLayout before, KnownLayout now) {
        List<LayoutChange> changes = new ArrayList<>();
        if (before.looksLike(now)) {
            return changes;
        }
        for (KnownColumn column : now.columns()) {
            KnownColumn old = before.columns().stream()
                    .filter(o -> o.name().equals(column.name()))
                    .findFirst()
                    .orElse(null);
            if (old == null) {
                changes.add(new LayoutChange(Kind.UNKNOWN, column.name(), null));
            } else if (old.type() != column.type() || old.typmod() != column.typmod()) {
                changes.add(new LayoutChange(Kind.RETYPED, column.name(), null));
            }
        }
        for (KnownColumn column : before.columns()) {
            if (now.columns().stream().noneMatch(c -> c.name().equals(column.name()))) {
                changes.add(new LayoutChange(Kind.GONE, column.name(), null));
            }
        }
        return changes;
    }
}
