package io.pgcdc.testkit.sink;

import io.pgcdc.model.Change;
import io.pgcdc.model.ChangeKind;
import io.pgcdc.model.MessageView;
import io.pgcdc.model.Position;
import io.pgcdc.model.Relation;
import io.pgcdc.model.RowChange;
import io.pgcdc.model.RowView;
import io.pgcdc.model.SnapshotPlace;
import io.pgcdc.model.TruncateView;
import io.pgcdc.model.ValueState;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The flyweight over a {@link Sample}. After its call it returns other values, which exposes a sink that kept it. */
final class SampleChange implements Change, RowChange, MessageView {

    private static final Sample SPOILT = new Sample(ChangeKind.TRUNCATE, new Position(9, 0xBAD, 0xBAD), null, null);
    private static final TruncateView PLAIN_TRUNCATE = new TruncateView() {
        @Override
        public boolean cascade() {
            return false;
        }

        @Override
        public boolean restartIdentity() {
            return false;
        }
    };
    private static final byte[] CONTENT = "a message".getBytes(StandardCharsets.UTF_8);

    private final Row oldRow = new Row();
    private final Row newRow = new Row();
    private Sample sample = SPOILT;

    void show(Sample next) {
        sample = next;
        oldRow.load(next.oldRow());
        newRow.load(next.newRow());
    }

    void spoil() {
        sample = SPOILT;
        oldRow.spoil();
        newRow.spoil();
    }

    /** Values in one buffer, one after the other. */
    private static final class Row implements RowView {

        private List<Sample.Cell> cells = List.of();
        private byte[] bytes = new byte[0];
        private final int[] offsets = new int[4];

        void load(@Nullable List<Sample.Cell> row) {
            cells = row == null ? List.of() : row;
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < cells.size(); i++) {
                text.append(cells.get(i).text());
                offsets[i + 1] = text.toString().getBytes(StandardCharsets.UTF_8).length;
            }
            bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        }

        void spoil() {
            Arrays.fill(bytes, (byte) '?');
        }

        @Override
        public ValueState state(int column) {
            return cells.get(column).state();
        }

        @Override
        public byte[] buffer(int column) {
            return bytes;
        }

        @Override
        public int offset(int column) {
            return offsets[column];
        }

        @Override
        public int length(int column) {
            return offsets[column + 1] - offsets[column];
        }
    }

    @Override
    public ChangeKind kind() {
        return sample.kind();
    }

    @Override
    public int epoch() {
        return sample.position().epoch();
    }

    @Override
    public long commitLsn() {
        return sample.position().commitLsn();
    }

    @Override
    public long ordinal() {
        return sample.position().ordinal();
    }

    @Override
    public long lsn() {
        return sample.position().commitLsn() - 1;
    }

    @Override
    public int xid() {
        return kind() == ChangeKind.MESSAGE || kind() == ChangeKind.READ
                ? 0
                : (int) sample.position().commitLsn();
    }

    @Override
    public long commitTimeMicros() {
        Sample.Details details = sample.details();
        return details != null
                ? details.time()
                : 1_767_322_984_678_901L + sample.position().commitLsn();
    }

    @Override
    public @Nullable String origin() {
        return null;
    }

    @Override
    public @Nullable Relation relation() {
        Sample.Details details = sample.details();
        Relation table = details == null ? Sample.TABLE : details.keyed() ? Sample.SMALL : Sample.WITHOUT_KEY;
        return kind() == ChangeKind.MESSAGE ? null : table;
    }

    @Override
    public @Nullable SnapshotPlace snapshot() {
        return kind() == ChangeKind.READ ? SnapshotPlace.INSIDE : null;
    }

    @Override
    public @Nullable RowChange row() {
        return sample.oldRow() == null && sample.newRow() == null ? null : this;
    }

    @Override
    public @Nullable TruncateView truncate() {
        return kind() == ChangeKind.TRUNCATE ? PLAIN_TRUNCATE : null;
    }

    @Override
    public @Nullable RowView oldRow() {
        return sample.oldRow() == null ? null : oldRow;
    }

    @Override
    public @Nullable RowView newRow() {
        return sample.newRow() == null ? null : newRow;
    }

    @Override
    public boolean changedFieldsKnown() {
        return false;
    }

    @Override
    public boolean isChanged(int column) {
        throw new IllegalStateException("the old row is not known");
    }

    @Override
    public boolean hasSameBytes(int column) {
        return false;
    }

    @Override
    public @Nullable MessageView message() {
        return kind() == ChangeKind.MESSAGE ? this : null;
    }

    @Override
    public String prefix() {
        Sample.Details details = sample.details();
        return details == null ? "kit" : details.prefix();
    }

    @Override
    public boolean transactional() {
        return false;
    }

    @Override
    public byte[] buffer() {
        Sample.Details details = sample.details();
        return details == null ? CONTENT : details.content().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public int offset() {
        return 0;
    }

    @Override
    public int length() {
        return buffer().length;
    }
}
