package io.pgcdc.view;

import io.pgcdc.model.RowView;
import io.pgcdc.model.ValueState;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A row, seen through a {@link ColumnView}. A value is masked when it is first read. One delivery thread. */
final class RoutedRow implements RowView {

    private final ColumnView view;
    private final @Nullable MaskedCell[] cells;
    private final boolean[] masked;
    private @Nullable RowView row;

    RoutedRow(ColumnView view) {
        this.view = view;
        this.cells = view.cells();
        this.masked = new boolean[cells.length];
    }

    RoutedRow wrap(RowView newRow) {
        row = newRow;
        Arrays.fill(masked, false);
        return this;
    }

    private RowView row() {
        RowView current = row;
        if (current == null) {
            throw new IllegalStateException("no row");
        }
        return current;
    }

    @Override
    public ValueState state(int column) {
        return row().state(view.source(column));
    }

    @Override
    public byte[] buffer(int column) {
        MaskedCell cell = cell(column);
        return cell == null ? row().buffer(view.source(column)) : cell.buffer;
    }

    @Override
    public int offset(int column) {
        MaskedCell cell = cell(column);
        return cell == null ? row().offset(view.source(column)) : cell.offset;
    }

    @Override
    public int length(int column) {
        MaskedCell cell = cell(column);
        return cell == null ? row().length(view.source(column)) : cell.length;
    }

    private @Nullable MaskedCell cell(int column) {
        MaskedCell cell = cells[column];
        if (cell != null && !masked[column]) {
            if (state(column) != ValueState.TEXT) {
                throw new IllegalStateException("only a value in state TEXT has a text");
            }
            cell.mask(row(), view.source(column));
            masked[column] = true;
        }
        return cell;
    }
}
