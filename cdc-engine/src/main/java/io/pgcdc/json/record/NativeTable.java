package io.pgcdc.json.record;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.model.ChangeKind;
import io.pgcdc.model.Relation;
import java.util.EnumMap;
import java.util.EnumSet;

/** The native format's data of one relation. Belongs to one thread. */
final class NativeTable {

    /** By kind, the text after the position: {@code ","change_type":"INSERT","schema_name":"s","table_name":"t","record_id":}. */
    private final EnumMap<ChangeKind, byte[]> names = new EnumMap<>(ChangeKind.class);

    final RowEncoder rows;
    final RecordId recordId;

    NativeTable(Relation relation) {
        EnumSet<ChangeKind> kinds = EnumSet.copyOf(ChangeKind.delivered());
        kinds.add(ChangeKind.RECONCILE); // for dead letters: a target may refuse to delete rows
        for (ChangeKind kind : kinds) {
            JsonBuffer text = changeType(kind)
                    .appendAscii("\"schema_name\":")
                    .appendString(relation.schema())
                    .appendAscii(",\"table_name\":")
                    .appendString(relation.name())
                    .appendAscii(",\"record_id\":");
            names.put(kind, text.toByteArray());
        }
        rows = new RowEncoder(relation);
        recordId = new RecordId(rows);
    }

    private static JsonBuffer changeType(ChangeKind kind) {
        return new JsonBuffer()
                .appendAscii("\",\"change_type\":\"")
                .appendAscii(kind.name())
                .appendAscii("\",");
    }

    /** Returns that text for a change without a relation, up to its record_id. */
    static byte[] noNames(ChangeKind kind) {
        return changeType(kind)
                .appendAscii("\"schema_name\":null,\"table_name\":null,\"record_id\":null")
                .toByteArray();
    }

    /** @throws IllegalStateException for a kind that no sink gets: the format has no record for it */
    byte[] names(ChangeKind kind) {
        byte[] ofKind = names.get(kind);
        if (ofKind == null) {
            throw new IllegalStateException("the native format has no record for " + kind);
        }
        return ofKind;
    }
}
