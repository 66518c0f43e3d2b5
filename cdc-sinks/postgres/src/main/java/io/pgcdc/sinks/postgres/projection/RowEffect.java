package io.pgcdc.sinks.postgres.projection;

import io.pgcdc.model.Change;
import io.pgcdc.model.ChangeKind;
import io.pgcdc.model.RowChange;
import io.pgcdc.model.RowView;
import io.pgcdc.model.SnapshotPlace;
import io.pgcdc.sinks.filter.RowCondition;
import io.pgcdc.sinks.filter.RowCondition.Verdict;
import io.pgcdc.sinks.postgres.projection.ProjectionSettings.OnDelete;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a change does to the rows of one destination. All checks of the change itself are done: only the target can still refuse it.
 *
 * @param key the row's key; for CHANGE_KEY the new one. Empty for a table without a key
 * @param oldKey the key before, for CHANGE_KEY
 * @param values the new values; for DELETE none
 * @param oldValues all values before, for a table without a key
 * @param mayBeMissing true if it is no error that the target lacks the row
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record RowEffect(
        Kind kind,
        Destination to,
        byte[][] key,
        byte @Nullable [][] oldKey,
        Texts values,
        @Nullable Texts oldValues,
        boolean mayBeMissing) {

    /** Returns true if a row goes: it is deleted, or marked as deleted. */
    boolean removes() {
        return kind == Kind.DELETE || kind == Kind.MARK_DELETED || kind == Kind.DELETE_ONE;
    }

    /** Returns true if the source sent all values of the new row. */
    boolean isWhole() {
        return !removes() && !values.isPart();
    }

    /** Kinds of effects. */
    enum Kind {
        INSERT,
        READ,
        UPDATE,
        CHANGE_KEY,
        DELETE,
        /** Marks a row as deleted. */
        MARK_DELETED,
        /** Changes one row that has all the old values. */
        UPDATE_ONE,
        /** Deletes one row that has all the old values. */
        DELETE_ONE
    }

    private static final Texts NO_VALUES = new Texts(0);
    private static final byte[][] NO_KEY = {};

    /**
     * Returns the effect, or null if there is none.
     *
     * @throws io.pgcdc.sink.RefusedChangeException if the change cannot be applied
     */
    static @Nullable RowEffect of(Change change, RowChange row, Destination to) {
        try {
            ChangeKind kind = kind(change, row, to);
            if (kind == null) {
                return null;
            }
            return switch (kind) {
                case INSERT, READ -> insert(change, row, to);
                case UPDATE -> update(change, row, to);
                case DELETE -> delete(change, row, to);
                case TRUNCATE, MESSAGE, SCHEMA, RECONCILE ->
                    throw new IllegalStateException("no rule for a " + kind + " in a table");
            };
        } catch (TablePlan.UnfitJsonException e) {
            throw to.mapping()
                    .refusals()
                    .refused(
                            change,
                            String.valueOf(e.getMessage()),
                            "Correct the program that writes it. To pass over this change, write dead_letter: true.");
        }
    }

    /** Returns the kind that the change has for the rows that meet the condition: an UPDATE may make a row come or go. Null: none. */
    private static @Nullable ChangeKind kind(Change change, RowChange row, Destination to) {
        RowCondition where = to.where();
        if (where == null) {
            return change.kind();
        }
        if (to.isAboutChange()) {
            return where.isMet(change) ? change.kind() : null;
        }
        RowView old = row.oldRow();
        boolean wasOut = old != null && where.wasMetBy(change, old) == Verdict.FALSE;
        if (row.newRow() == null) {
            return wasOut ? null : change.kind();
        }
        boolean in = where.isMet(change);
        if (change.kind() != ChangeKind.UPDATE) {
            return in ? change.kind() : null;
        }
        if (in) {
            return wasOut ? ChangeKind.INSERT : ChangeKind.UPDATE;
        }
        return wasOut ? null : ChangeKind.DELETE;
    }

    private static RowEffect insert(Change change, RowChange row, Destination to) {
        Texts values = to.plan().values(change, Objects.requireNonNull(row.newRow()));
        byte[][] key = key(change, to, values, null);
        boolean read = change.kind() == ChangeKind.READ;
        boolean mayExist = change.snapshot() == SnapshotPlace.INCREMENTAL;
        return new RowEffect(read ? Kind.READ : Kind.INSERT, to, key, null, values, null, mayExist);
    }

    private static RowEffect update(Change change, RowChange row, Destination to) {
        TablePlan plan = to.plan();
        Refusals refusals = to.mapping().refusals();
        Texts values = plan.values(change, Objects.requireNonNull(row.newRow()));
        if (plan.lacksRow(values)) {
            throw refusals.refused(
                    change,
                    "$row needs all values, but an unchanged value that is stored out of line was not sent",
                    Refusals.replicaIdentityFull(plan) + ".");
        }
        if (plan.key().length == 0) {
            Texts old = refusals.requireOldValues(change, row, plan);
            return new RowEffect(Kind.UPDATE_ONE, to, NO_KEY, null, values, old, change.duringSnapshot());
        }
        byte @Nullable [][] oldKey = plan.oldKey(row);
        if (row.oldRow() == null && plan.keyIsIdentity()) {
            oldKey = null; // the server sends the old key if it changed
        } else if (oldKey == null) {
            throw refusals.unknownKey(change, plan);
        }
        byte[][] key = key(change, to, values, oldKey);
        boolean changesKey = oldKey != null && !Arrays.deepEquals(oldKey, key);
        if (changesKey) {
            refusals.requireKeyCanChange(change, plan);
        }
        return new RowEffect(
                changesKey ? Kind.CHANGE_KEY : Kind.UPDATE, to, key, oldKey, values, null, change.duringSnapshot());
    }

    private static @Nullable RowEffect delete(Change change, RowChange row, Destination to) {
        OnDelete onDelete = to.mapping().onDelete();
        if (onDelete == OnDelete.IGNORE) {
            return null;
        }
        TablePlan plan = to.plan();
        if (plan.key().length == 0) {
            Texts old = to.mapping().refusals().requireOldValues(change, row, plan);
            boolean mayBeMissing = change.duringSnapshot() || to.where() != null;
            return onDelete == OnDelete.SOFT
                    ? new RowEffect(
                            Kind.UPDATE_ONE, to, NO_KEY, null, plan.deletedValues(change, NO_KEY), old, mayBeMissing)
                    : new RowEffect(Kind.DELETE_ONE, to, NO_KEY, null, NO_VALUES, old, mayBeMissing);
        }
        byte @Nullable [][] key = plan.oldKey(row);
        RowView after = row.newRow();
        if (key == null && after != null && row.oldRow() == null && plan.keyIsIdentity()) {
            key = key(change, to, plan.values(change, after), null); // an update that kept the key
        }
        if (key == null) {
            throw to.mapping().refusals().unknownKey(change, plan);
        }
        return onDelete == OnDelete.SOFT
                ? new RowEffect(Kind.MARK_DELETED, to, key, null, plan.deletedValues(change, key), null, true)
                : new RowEffect(Kind.DELETE, to, key, null, NO_VALUES, null, true);
    }

    /**
     * Returns the key of a new row. Takes values that the source did not send from the old key, and sets them in {@code values}.
     *
     * @throws io.pgcdc.sink.RefusedChangeException if a key column is null or was not sent
     */
    private static byte[][] key(Change change, Destination to, Texts values, byte @Nullable [] @Nullable [] oldKey) {
        TablePlan plan = to.plan();
        int[] fields = plan.key();
        byte[][] key = new byte[fields.length][];
        for (int i = 0; i < fields.length; i++) {
            if (values.isAbsent(fields[i]) && oldKey != null) {
                values.set(fields[i], oldKey[i]);
            }
            byte[] value = values.get(fields[i]);
            if (value == null || values.isAbsent(fields[i])) {
                throw to.mapping()
                        .refusals()
                        .refused(
                                change,
                                "its key column " + plan.fields().get(fields[i]).column()
                                        + (value == null ? " is null" : " was not sent"),
                                "Write key, with columns that are never null and always sent.");
            }
            key[i] = value;
        }
        return key;
    }
}
