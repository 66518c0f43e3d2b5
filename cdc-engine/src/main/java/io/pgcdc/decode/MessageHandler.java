package io.pgcdc.decode;

/** Passes over what is not overridden. A base for those who look at a few messages only. */
public abstract class MessageHandler implements PgOutputHandler {

    @Override
    public void begin(BeginMessage begin) {}

    @Override
    public void commit(CommitMessage commit) {}

    @Override
    public void origin(OriginMessage origin) {}

    @Override
    public void relation(RelationMessage relation) {}

    @Override
    public void type(TypeMessage type) {}

    @Override
    public void insert(InsertMessage insert) {}

    @Override
    public void update(UpdateMessage update) {}

    @Override
    public void delete(DeleteMessage delete) {}

    @Override
    public void truncate(TruncateMessage truncate) {}

    @Override
    public void message(LogicalMessage message) {}
}
