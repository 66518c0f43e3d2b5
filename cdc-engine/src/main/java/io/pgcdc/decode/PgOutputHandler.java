package io.pgcdc.decode;

/** One method per message type. Each argument is a flyweight of the decoder, valid only within the call. */
public interface PgOutputHandler {

    void begin(BeginMessage begin);

    void commit(CommitMessage commit);

    void origin(OriginMessage origin);

    void relation(RelationMessage relation);

    void type(TypeMessage type);

    void insert(InsertMessage insert);

    void update(UpdateMessage update);

    void delete(DeleteMessage delete);

    void truncate(TruncateMessage truncate);

    void message(LogicalMessage message);
}
