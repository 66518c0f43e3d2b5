package io.pgcdc.sinks.kafka.format;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.json.record.RecordId;
import io.pgcdc.model.Change;
import io.pgcdc.model.ChangeKind;
import io.pgcdc.model.Relation;
import io.pgcdc.model.RowChange;
import io.pgcdc.model.RowView;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/** One layout of a table: its topic, its key, and the headers that its changes share. For one thread. */
public final class TableRecords {

    private final Relation relation;
    private final Topic topic;
    private final String name;
    private final RecordId id;
    private final int[] key;
    private final EnumMap<ChangeKind, Header> kinds = new EnumMap<>(ChangeKind.class);
    private final Header schema;
    private final Header table;

    /** @param key indexes of the key's columns; empty for no key */
    TableRecords(Relation relation, List<Integer> key, Topic topic) {
        this.relation = relation;
        this.topic = topic;
        name = relation.qualifiedName();
        this.key = key.stream().mapToInt(Integer::intValue).toArray();
        id = new RecordId(new Relation(
                relation.version(),
                relation.oid(),
                relation.schema(),
                relation.name(),
                relation.identity(),
                relation.columns(),
                key,
                relation.publications()));
        schema = header("schema", relation.schema());
        table = header("table", relation.name());
        for (ChangeKind kind : ChangeKind.delivered()) {
            kinds.put(kind, header("change_type", kind.name()));
        }
    }

    static Header header(String name, String value) {
        return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
    }

    public Relation relation() {
        return relation;
    }

    /** Returns the indexes of the key's columns, in the key's order. */
    public int[] key() {
        return key.clone();
    }

    public Topic topic() {
        return topic;
    }

    /** Returns the table's name with its schema. */
    public String name() {
        return name;
    }

    Header kind(ChangeKind kind) {
        return Objects.requireNonNull(kinds.get(kind));
    }

    Header schema() {
        return schema;
    }

    Header table() {
        return table;
    }

    /** Appends the key as text, for the native record's key. Returns false, and appends nothing, if the change has no key. */
    public boolean appendKey(Change change, JsonBuffer out) {
        return change.kind() != ChangeKind.TRUNCATE && id.appendText(change, out);
    }

    /** Returns true if the update's old row shows that the row's key changed. */
    public boolean changesKey(Change change) {
        RowChange row = change.row();
        return row != null && RowView.differ(row.oldRow(), row.newRow(), key);
    }
}
