package io.pgcdc.model;

import org.jspecify.annotations.Nullable;

/**
 * Presents another change differently. Every method returns what {@link #change} returns, until a subclass overrides it. Most
 * subclasses override {@link #relation} and {@link #row}, some {@link #kind}. To allocate nothing per row, keep one object and let
 * {@link #change} return the current change.
 */
public abstract class ForwardingChange implements Change {

    /** For subclasses. */
    protected ForwardingChange() {}

    /** Returns the current change. */
    protected abstract Change change();

    @Override
    public ChangeKind kind() {
        return change().kind();
    }

    @Override
    public int epoch() {
        return change().epoch();
    }

    @Override
    public long commitLsn() {
        return change().commitLsn();
    }

    @Override
    public long ordinal() {
        return change().ordinal();
    }

    @Override
    public long lsn() {
        return change().lsn();
    }

    @Override
    public int xid() {
        return change().xid();
    }

    @Override
    public long commitTimeMicros() {
        return change().commitTimeMicros();
    }

    @Override
    public @Nullable String origin() {
        return change().origin();
    }

    @Override
    public @Nullable Relation relation() {
        return change().relation();
    }

    @Override
    public @Nullable SnapshotPlace snapshot() {
        return change().snapshot();
    }

    @Override
    public @Nullable RowChange row() {
        return change().row();
    }

    @Override
    public @Nullable TruncateView truncate() {
        return change().truncate();
    }

    @Override
    public @Nullable MessageView message() {
        return change().message();
    }

    @Override
    public boolean duringSnapshot() {
        return change().duringSnapshot();
    }
}
