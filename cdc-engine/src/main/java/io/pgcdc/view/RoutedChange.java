package io.pgcdc.view;

import io.pgcdc.model.Change;
import io.pgcdc.model.ForwardingChange;
import io.pgcdc.model.Relation;
import io.pgcdc.model.RowChange;
import io.pgcdc.model.RowView;
import org.jspecify.annotations.Nullable;

/** A change of one layout, seen through a {@link ColumnView}. One delivery thread. */
final class RoutedChange extends ForwardingChange implements RowChange {

    private final ColumnView view;
    private final RoutedRow oldRow;
    private final RoutedRow newRow;
    private @Nullable Change change;

    RoutedChange(ColumnView view) {
        this.view = view;
        this.oldRow = new RoutedRow(view);
        this.newRow = new RoutedRow(view);
    }

    RoutedChange of(Change whole) {
        change = whole;
        RowChange row = whole.row();
        RowView before = row == null ? null : row.oldRow();
        if (before != null) {
            oldRow.wrap(before);
        }
        RowView after = row == null ? null : row.newRow();
        if (after != null) {
            newRow.wrap(after);
        }
        return this;
    }

    @Override
    protected Change change() {
        Change current = change;
        if (current == null) {
            throw new IllegalStateException("no change");
        }
        return current;
    }

    @Override
    public Relation relation() {
        return view.relation();
    }

    @Override
    public @Nullable RowChange row() {
        return change().row() == null ? null : this;
    }

    private RowChange whole() {
        RowChange row = change().row();
        if (row == null) {
            throw new IllegalStateException("no row");
        }
        return row;
    }

    @Override
    public @Nullable RowView oldRow() {
        return whole().oldRow() == null ? null : oldRow;
    }

    @Override
    public @Nullable RowView newRow() {
        return whole().newRow() == null ? null : newRow;
    }

    @Override
    public boolean changedFieldsKnown() {
        return whole().changedFieldsKnown();
    }

    @Override
    public boolean isChanged(int column) {
        return whole().isChanged(view.source(column));
    }

    /** Equal bytes stay equal under a mask. */
    @Override
    public boolean hasSameBytes(int column) {
        return whole().hasSameBytes(view.source(column));
    }
}
