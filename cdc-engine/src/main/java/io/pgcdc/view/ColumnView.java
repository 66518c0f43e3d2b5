package io.pgcdc.view;

import io.pgcdc.model.Column;
import io.pgcdc.model.PgType;
import io.pgcdc.model.Relation;
import io.pgcdc.model.TableFacts;
import io.pgcdc.model.TableFacts.ColumnFacts;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A relation without some of its columns, and with others masked. */
final class ColumnView {

    /** A masked value is text, whatever the column's type is. */
    private static final PgType TEXT = PgType.base(25, "text");

    private final Relation relation;
    private final int[] sources;
    private final @Nullable Mask[] masks;
    private final @Nullable String salt;

    /**
     * Creates the view. Ignores names that the relation does not have.
     *
     * @param salt not null if a mask is a hash
     */
    ColumnView(Relation whole, List<String> excluded, List<MaskedColumn> masked, @Nullable String salt) {
        this.salt = salt;
        int count = whole.columns().size();
        int[] seenAs = new int[count];
        int[] sourceOf = new int[count];
        @Nullable Mask[] maskOf = new @Nullable Mask[count];
        List<Column> columns = new ArrayList<>();
        List<@Nullable ColumnFacts> facts = new ArrayList<>();
        TableFacts known = whole.facts();
        for (int i = 0; i < count; i++) {
            Column column = whole.columns().get(i);
            if (excluded.contains(column.name())) {
                seenAs[i] = -1;
                continue;
            }
            int at = columns.size();
            seenAs[i] = at;
            sourceOf[at] = i;
            Mask mask = masked.stream()
                    .filter(m -> m.column().column().equals(column.name()))
                    .map(MaskedColumn::mask)
                    .findFirst()
                    .orElse(null);
            maskOf[at] = mask;
            facts.add(known == null ? null : facts(known.columns().get(i), mask));
            columns.add(mask == null ? column : new Column(column.name(), TEXT, -1, column.identity()));
        }
        sources = java.util.Arrays.copyOf(sourceOf, columns.size());
        masks = java.util.Arrays.copyOf(maskOf, columns.size());
        relation = new Relation(
                whole.version(),
                whole.oid(),
                whole.schema(),
                whole.name(),
                whole.identity(),
                columns,
                recordId(whole.recordIdColumns(), seenAs),
                whole.publications(),
                known == null ? null : known.withColumns(facts),
                whole.real());
    }

    /** Removes the value of old rows from a masked column's facts: it is not masked, so it must not be seen. */
    private static @Nullable ColumnFacts facts(@Nullable ColumnFacts facts, @Nullable Mask mask) {
        return mask == null || facts == null || facts.missing() == null ? facts : null;
    }

    /** Returns the key's columns, or null if the sink does not see all of them: a part of a key identifies nothing. */
    private static @Nullable List<Integer> recordId(@Nullable List<Integer> key, int[] seenAs) {
        if (key == null || key.stream().anyMatch(column -> seenAs[column] < 0)) {
            return null;
        }
        return key.stream().map(column -> seenAs[column]).toList();
    }

    /** Returns the layout that the sink sees. */
    Relation relation() {
        return relation;
    }

    /** Returns the index in the whole relation of a visible column. */
    int source(int column) {
        return sources[column];
    }

    /** Returns a row's cells: null for a value that is not masked. */
    @Nullable
    MaskedCell[] cells() {
        @Nullable MaskedCell[] cells = new @Nullable MaskedCell[masks.length];
        for (int i = 0; i < cells.length; i++) {
            Mask mask = masks[i];
            if (mask != null) {
                cells[i] = MaskedCell.of(mask, salt);
            }
        }
        return cells;
    }
}
