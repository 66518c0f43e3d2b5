package io.pgcdc.view;

import io.pgcdc.model.Change;
import io.pgcdc.model.ChangeKind;
import io.pgcdc.model.MessageView;
import io.pgcdc.model.Relation;
import io.pgcdc.model.RowView;
import org.jspecify.annotations.Nullable;

/** A change of one layout as a {@link ColumnView} shows it. One delivery thread. */
final class RoutedChange implements Change {

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
        RowView before = whole.oldRow();
        if (before != null) {
            oldRow.wrap(before);
        }
        RowView after = whole.newRow();
        if (after != null) {
            newRow.wrap(after);
        }
        return this;
    }

    private Change whole() {
        Change current = change;
        if (current == null) {
            throw new IllegalStateException("no change");
        }
        return current;
    }

    @Override
    public ChangeKind kind() {
        return whole().kind();
    }

    @Override
    public int epoch() {
        return whole().epoch();
    }

    @Override
    public long commitLsn() {
        return whole().commitLsn();
    }

    @Override
    public long ordinal() {
        return whole().ordinal();
    }

    @Override
    public long lsn() {
        return whole().lsn();
    }

    @Override
    public int xid() {
        return whole().xid();
    }

    @Override
    public long commitTimeMicros() {
        return whole().commitTimeMicros();
    }

    @Override
    public @Nullable String origin() {
        return whole().origin();
    }

    @Override
    public Relation relation() {
        return view.relation();
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

    /** A mask makes the same of the same. */
    @Override
    public boolean hasSameBytes(int column) {
        return whole().hasSameBytes(view.source(column));
    }

    @Override
    public boolean cascade() {
        return whole().cascade();
    }

    @Override
    public boolean restartIdentity() {
        return whole().restartIdentity();
    }

    @Override
    public @Nullable MessageView message() {
        return whole().message();
    }
}
