package io.pgcdc.model;

import org.jspecify.annotations.Nullable;

/**
 * Another change, told differently: every method answers as {@link #change} does, until a subclass overrides it. Most need {@link
 * #relation} and {@link #row} at most, and {@link #kind}. Keep one object and let {@link #change} return the change of the moment: then
 * nothing is allocated per row.
 */
public abstract class ForwardingChange implements Change {

    /** For subclasses. */
    protected ForwardingChange() {}

    /** Returns the change that is told. */
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
}
