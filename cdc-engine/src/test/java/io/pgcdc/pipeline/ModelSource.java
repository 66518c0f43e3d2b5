package io.pgcdc.pipeline;

import io.pgcdc.capture.CaptureFixture;
import io.pgcdc.sink.SourceId;
import io.pgcdc.snapshot.Snapshots;
import io.pgcdc.source.LayoutSource;
import io.pgcdc.wire.ReplicationStream;
import org.jspecify.annotations.Nullable;

/** The model server as a run's source. */
final class ModelSource implements OpenSource {

    private final ModelServer server;
    private final Judge judge;

    ModelSource(ModelServer server, Judge judge) {
        this.server = server;
        this.judge = judge;
    }

    @Override
    public SourceId id() {
        return new SourceId("1", "model", "model");
    }

    @Override
    public ReplicationStream start(long resumeLsn) {
        return server.connect(resumeLsn, judge);
    }

    @Override
    public ReplicationStream again(long receivedLsn, long resumeLsn) {
        return server.connect(resumeLsn, judge);
    }

    @Override
    public int nextXid() {
        return 0;
    }

    @Override
    public @Nullable Snapshots snapshots() {
        return null;
    }

    @Override
    public LayoutSource layouts() {
        return CaptureFixture::layout;
    }

    @Override
    public long emitMessage(String prefix) {
        return server.wal().message(prefix, "");
    }

    @Override
    public String where() {
        return "model";
    }
}
