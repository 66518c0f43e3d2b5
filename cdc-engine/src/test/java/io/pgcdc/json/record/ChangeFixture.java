package io.pgcdc.json.record;

import io.pgcdc.json.value.Types;
import io.pgcdc.model.Change;
import io.pgcdc.model.ChangeKind;
import io.pgcdc.model.Column;
import io.pgcdc.model.MessageView;
import io.pgcdc.model.PgType;
import io.pgcdc.model.Relation;
import io.pgcdc.model.ReplicaIdentity;
import io.pgcdc.model.RowChange;
import io.pgcdc.model.RowView;
import io.pgcdc.model.SnapshotPlace;
import io.pgcdc.model.TruncateView;
import io.pgcdc.model.ValueState;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A change to {@code user_service.users}, set field by field. */
public final class ChangeFixture implements Change, RowChange, TruncateView {

    /** The state of a value that is stored out of line and was not sent. */
    public static final String TOASTED = new String("toasted");
    /** The state of a value that the server does not send. */
    public static final String NOT_SENT = new String("not sent");

    public ChangeKind kind = ChangeKind.INSERT;
    int epoch;
    int xid = 771;
    long ordinal = 5;
    long commitTimeMicros = 1_767_323_045_678_901L;

    public @Nullable String origin;

    public @Nullable SnapshotPlace snapshot;

    public @Nullable Relation relation = users(List.of(0));

    public @Nullable RowView oldRow;

    public @Nullable RowView newRow;

    public @Nullable MessageView message;

    /** {@code id int4, email text, bio text, age numeric}. */
    static Relation users(@Nullable List<Integer> recordIdColumns) {
        return relation(1, recordIdColumns, Types.INT4, Types.TEXT, Types.TEXT, Types.NUMERIC);
    }

    static Relation relation(int version, @Nullable List<Integer> recordIdColumns, PgType... types) {
        String[] names = {"id", "email", "bio", "age"};
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < types.length; i++) {
            columns.add(new Column(i < names.length ? names[i] : "c" + i, types[i], -1, i == 0));
        }
        return new Relation(
                version, 16385, "user_service", "users", ReplicaIdentity.FULL, columns, recordIdColumns, List.of());
    }

    /** Values as the server prints them; null, {@link #TOASTED} and {@link #NOT_SENT} as they say. */
    public static RowView row(@Nullable String... values) {
        return new TextRow(values);
    }

    public static MessageView message(String prefix, byte[] content) {
        return new MessageView() {
            @Override
            public String prefix() {
                return prefix;
            }

            @Override
            public boolean transactional() {
                return true;
            }

            @Override
            public byte[] buffer() {
                return content;
            }

            @Override
            public int offset() {
                return 0;
            }

            @Override
            public int length() {
                return content.length;
            }
        };
    }

    private static final class TextRow implements RowView {
        private final @Nullable String[] values;
        private final byte[] buffer;
        private final int[] offsets;

        TextRow(@Nullable String[] values) {
            this.values = values;
            this.offsets = new int[values.length + 1];
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < values.length; i++) {
                all.append(values[i]);
                offsets[i + 1] = all.toString().getBytes(StandardCharsets.UTF_8).length;
            }
            this.buffer = all.toString().getBytes(StandardCharsets.UTF_8);
        }

        @Override
        @SuppressWarnings("ReferenceEquality") // the two states are objects of their own, whatever a value's text
        public ValueState state(int column) {
            String value = values[column];
            return value == null
                    ? ValueState.NULL
                    : value == TOASTED
                            ? ValueState.UNCHANGED_TOAST
                            : value == NOT_SENT ? ValueState.NOT_SENT : ValueState.TEXT;
        }

        @Override
        public byte[] buffer(int column) {
            return buffer;
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
        return kind;
    }

    @Override
    public int epoch() {
        return epoch;
    }

    @Override
    public long commitLsn() {
        return 0x1A2B3C8;
    }

    @Override
    public long ordinal() {
        return ordinal;
    }

    @Override
    public long lsn() {
        return 0x1A2B2F0;
    }

    @Override
    public int xid() {
        return xid;
    }

    @Override
    public long commitTimeMicros() {
        return commitTimeMicros;
    }

    @Override
    public @Nullable String origin() {
        return origin;
    }

    @Override
    public @Nullable Relation relation() {
        return relation;
    }

    @Override
    public @Nullable SnapshotPlace snapshot() {
        return snapshot;
    }

    @Override
    public @Nullable RowChange row() {
        return oldRow == null && newRow == null ? null : this;
    }

    @Override
    public @Nullable TruncateView truncate() {
        return kind == ChangeKind.TRUNCATE ? this : null;
    }

    @Override
    public @Nullable RowView oldRow() {
        return oldRow;
    }

    @Override
    public @Nullable RowView newRow() {
        return newRow;
    }

    @Override
    public boolean changedFieldsKnown() {
        return kind == ChangeKind.UPDATE && oldRow != null && oldRow.state(1) != ValueState.NOT_SENT;
    }

    @Override
    public boolean isChanged(int column) {
        if (relation == null || oldRow == null || newRow == null) {
            throw new IllegalStateException("no rows to compare");
        }
        return new RowEquality(relation).differs(oldRow, newRow, column);
    }

    @Override
    public boolean hasSameBytes(int column) {
        if (!changedFieldsKnown() || oldRow == null || newRow == null || oldRow.state(column) != newRow.state(column)) {
            return false;
        }
        return switch (newRow.state(column)) {
            case NULL -> true;
            case TEXT -> oldRow.text(column).equals(newRow.text(column));
            case UNCHANGED_TOAST, NOT_SENT -> false;
        };
    }

    @Override
    public boolean cascade() {
        return true;
    }

    @Override
    public boolean restartIdentity() {
        return false;
    }

    @Override
    public @Nullable MessageView message() {
        return message;
    }
}
