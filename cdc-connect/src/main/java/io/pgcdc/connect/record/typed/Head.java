package io.pgcdc.connect.record.typed;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.json.record.PositionText;
import io.pgcdc.model.Change;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;

/** Puts the fields that table changes and logical messages share. For one thread. */
final class Head {

    private final Field position;
    private final Field changedAt;
    private final Field xid;
    private final Field lsn;
    private final Field origin;
    private final JsonBuffer scratch = new JsonBuffer();

    Head(Schema value) {
        position = value.field("position");
        changedAt = value.field("changed_at");
        xid = value.field("xid");
        lsn = value.field("lsn");
        origin = value.field("origin");
    }

    void put(Change change, Struct value) {
        scratch.clear();
        PositionText.append(change, scratch);
        value.put(position, scratch.toString());
        value.put(changedAt, change.commitTimeMicros());
        if (change.xid() != 0) {
            value.put(xid, Integer.toUnsignedLong(change.xid()));
        }
        scratch.clear();
        value.put(lsn, scratch.appendLsn(change.lsn()).toString());
        value.put(origin, change.origin());
    }
}
