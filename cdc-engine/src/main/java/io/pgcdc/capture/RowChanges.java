package io.pgcdc.capture;

import io.pgcdc.decode.BeginMessage;
import io.pgcdc.decode.CommitMessage;
import io.pgcdc.decode.DeleteMessage;
import io.pgcdc.decode.InsertMessage;
import io.pgcdc.decode.LogicalMessage;
import io.pgcdc.decode.OriginMessage;
import io.pgcdc.decode.PgOutputHandler;
import io.pgcdc.decode.RelationMessage;
import io.pgcdc.decode.TruncateMessage;
import io.pgcdc.decode.TypeMessage;
import io.pgcdc.decode.UpdateMessage;

/** Takes changes of rows, and ignores all other messages. */
abstract class RowChanges implements PgOutputHandler {

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
