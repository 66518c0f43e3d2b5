package io.pgcdc.source;

import io.pgcdc.error.SourceException;
import io.pgcdc.model.Lsn;
import io.pgcdc.wire.FrameHandler;
import io.pgcdc.wire.ReplicationStream;

/** A stream that never confirms an LSN: the slot does not move. */
public final class SilentStream implements ReplicationStream {

    private final ReplicationStream stream;

    public SilentStream(ReplicationStream stream) {
        this.stream = stream;
    }

    @Override
    public boolean receive(FrameHandler handler, int waitMs) {
        return stream.receive(handler, waitMs);
    }

    /** Sends the invalid LSN, which moves nothing (PostgreSQL's walsender.c, ProcessStandbyReplyMessage). */
    @Override
    public void sendStatus(long received, long flushed, boolean requestReply) {
        stream.sendStatus(received, Lsn.INVALID, requestReply);
    }

    @Override
    public void checkNotices() {
        stream.checkNotices();
    }

    @Override
    public SourceException silent(long silentMs) {
        return stream.silent(silentMs);
    }

    @Override
    public void close() {
        stream.close();
    }
}
