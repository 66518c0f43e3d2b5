package io.pgcdc.pipeline;

import io.pgcdc.capture.CaptureFixture;
import io.pgcdc.guard.Watched;
import io.pgcdc.life.Worker;
import io.pgcdc.sink.SourceId;
import io.pgcdc.snapshot.ModelDatabase;
import io.pgcdc.snapshot.ModelSnapshotServer;
import io.pgcdc.snapshot.Snapshots;
import io.pgcdc.source.LayoutSource;
import io.pgcdc.wire.ReplicationStream;

/** The model server as a run's source. */
final class ModelSource implements OpenSource {

    private final ModelServer server;
    private final Judge judge;
    private final Snapshots snapshots;

    ModelSource(ModelServer server, Judge judge, Snapshots snapshots) {
        this.snapshots = snapshots;
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
        return server.wal().database().nextXid();
    }

    @Override
    public Snapshots snapshots() {
        return snapshots;
    }

    @Override
    public LayoutSource layouts() {
        return (message, xid) ->
                message.oid() == ModelDatabase.OID ? ModelSnapshotServer.LAYOUT : CaptureFixture.layout(message, xid);
    }

    @Override
    public long emitMessage(String prefix) {
        return server.wal().emit(prefix, "");
    }

    @Override
    public Worker watch(Watched run) {
        return new ModelWatch(server.world(), run.confirmation());
    }

    @Override
    public String where() {
        return "model";
    }
}
