package io.pgcdc.decode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Writes down what it is told, reading every part of every message. */
final class RecordingHandler implements PgOutputHandler {

    final List<String> told = new ArrayList<>();

    @Override
    public void begin(BeginMessage m) {
        told.add("begin " + m.commitLsn() + " " + m.commitTimeMicros() + " " + m.xid());
    }

    @Override
    public void commit(CommitMessage m) {
        told.add("commit " + m.commitLsn() + " " + m.endLsn() + " " + m.commitTimeMicros());
    }

    @Override
    public void origin(OriginMessage m) {
        told.add("origin " + m.originLsn() + " " + m.name());
    }

    @Override
    public void relation(RelationMessage m) {
        told.add("relation " + m.oid() + " " + m.namespace() + "." + m.name() + " " + m.identity() + " " + m.columns());
    }

    @Override
    public void type(TypeMessage m) {
        told.add("type " + m.oid() + " " + m.namespace() + "." + m.name());
    }

    @Override
    public void insert(InsertMessage m) {
        told.add("insert " + m.relationOid() + " " + tuple(m.readNewTuple()));
    }

    @Override
    public void update(UpdateMessage m) {
        m.readTuples();
        TupleData old = m.oldTuple();
        String before = old == null ? "none" : (m.oldTupleIsKeyOnly() ? "key" : "whole") + tuple(old);
        told.add("update " + m.relationOid() + " " + before + " " + tuple(m.newTuple()));
    }

    @Override
    public void delete(DeleteMessage m) {
        String old = tuple(m.readOldTuple());
        told.add("delete " + m.relationOid() + " " + (m.oldTupleIsKeyOnly() ? "key" : "whole") + old);
    }

    @Override
    public void truncate(TruncateMessage m) {
        List<Integer> oids = new ArrayList<>();
        for (int i = 0; i < m.relationCount(); i++) {
            oids.add(m.relationOid(i));
        }
        told.add("truncate " + oids + (m.cascade() ? " cascade" : "") + (m.restartIdentity() ? " restart" : ""));
    }

    @Override
    public void message(LogicalMessage m) {
        String content = new String(m.buffer(), m.offset(), m.length(), StandardCharsets.UTF_8);
        told.add("message " + m.transactional() + " " + m.lsn() + " " + m.prefix() + " " + content);
    }

    private static String tuple(TupleData tuple) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < tuple.columnCount(); i++) {
            values.add(
                    switch (tuple.kind(i)) {
                        case TupleData.NULL -> "null";
                        case TupleData.UNCHANGED_TOAST -> "unchanged";
                        default -> new String(tuple.buffer(), tuple.offset(i), tuple.length(i), StandardCharsets.UTF_8);
                    });
        }
        return values.toString();
    }
}
