package io.pgcdc.sinks.postgres.projection;

import io.pgcdc.sinks.postgres.projection.KnownLayout.KnownColumn;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that was done to a column of a source table without a row being sent. Pure.
 *
 * @param column its name now; of one that is gone, its name before
 * @param detail RENAMED: the name before. ADDED: the value that old rows have, as text; null for null
 */
record LayoutChange(Kind kind, String column, @Nullable String detail) {

    /** What was done. */
    enum Kind {
        /** Old rows have the value in detail. */
        ADDED,
        /** Old rows have null, unless a default that is gone filled them: the rows are in another file. */
        ADDED_PERHAPS_FILLED,
        RENAMED,
        /** It is no longer sent: dropped, or taken out of the publication. */
        GONE,
        /** It has another type, and rows were rewritten: what became of old values was not sent. */
        RETYPED,
        /** It was altered, and rows were rewritten: old values may be others. */
        REWRITTEN,
        /** Likewise, and VACUUM FULL explains it: it does the same to a column that had come with a default. */
        PERHAPS_REWRITTEN,
        /** Old rows may have any value in it: it was filled when it came, or is sent only from now on. */
        FILLED,
        /** The catalog no longer knew it when its layout arrived. */
        UNKNOWN;

        /** Whether old rows may have got values that were not sent. */
        boolean losesValues() {
            return this == RETYPED || this == REWRITTEN || this == FILLED || this == UNKNOWN;
        }
    }

    /** From one layout of a table to a later one. */
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
        if (rewritten && otherType) {
            changes.add(new LayoutChange(Kind.RETYPED, column.name(), null));
        } else if (rewritten && old.stamp() != column.stamp()) {
            boolean vacuumed = old.missing() != null && column.missing() == null;
            changes.add(new LayoutChange(vacuumed ? Kind.PERHAPS_REWRITTEN : Kind.REWRITTEN, column.name(), null));
        }
    }

    /** All that can be said when one of the two is not known by numbers. */
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
