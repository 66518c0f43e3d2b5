package io.pgcdc.sinks.kafka.format;

import io.pgcdc.config.SettingValues;
import io.pgcdc.json.JsonBuffer;
import io.pgcdc.json.NativeFormat;
import io.pgcdc.model.Change;
import io.pgcdc.model.ChangeKind;
import io.pgcdc.model.MessageView;
import io.pgcdc.model.Relation;
import io.pgcdc.sink.RefusedChangeException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Native records, with the record_id for a key. One thread. */
final class NativeRecords implements RecordFormat {

    private final String sink;
    private final Tables tables;
    private final NativeFormat format = new NativeFormat();
    private final JsonBuffer key = new JsonBuffer();
    private final JsonBuffer oldKey = new JsonBuffer();
    private final JsonBuffer value = new JsonBuffer();
    private final KeyChange keyChange = new KeyChange();
    private final NullKey nullKey;
    private final boolean tombstones;
    private final ChangeHeaders headers;
    private final @Nullable String messageTopic;
    private @Nullable Topic messages;

    NativeRecords(String sink, SettingValues settings, Topics topics) {
        this.sink = sink;
        tables = new Tables(sink, settings, topics);
        nullKey = settings.get(FormatSettings.NULL_KEY);
        tombstones = settings.get(FormatSettings.TOMBSTONES);
        headers = new ChangeHeaders(settings.get(FormatSettings.HEADERS));
        messageTopic = settings.find(FormatSettings.MESSAGE_TOPIC);
    }

    @Override
    public void append(Change change, Records out) {
        Relation relation = change.relation();
        if (relation == null) {
            appendMessage(change, out);
            return;
        }
        TableRecords table = tables.of(relation);
        if (change.kind() == ChangeKind.UPDATE && table.changesKey(change)) {
            appendKeyChange(change, table, out);
        } else {
            appendOne(change, table, List.of(), out);
        }
    }

    private void appendKeyChange(Change change, TableRecords table, Records out) {
        keyChange.of(change);
        oldKey.clear();
        if (!table.appendKey(keyChange.deleted, oldKey)) {
            appendOne(change, table, List.of(), out); // a part of the old key is not known
            return;
        }
        key.clear();
        table.appendKey(keyChange.inserted, key);
        Header from = ChangeHeaders.oldKey(oldKey);
        appendOne(keyChange.deleted, table, List.of(ChangeHeaders.newKey(key)), out);
        appendOne(keyChange.inserted, table, List.of(from), out);
    }

    private void appendOne(Change change, TableRecords table, List<Header> more, Records out) {
        value.clear();
        format.append(change, value);
        key.clear();
        boolean keyed = table.appendKey(change, key);
        if (!keyed && nullKey != NullKey.KEEP) {
            if (nullKey == NullKey.REFUSE && change.kind() != ChangeKind.TRUNCATE) {
                throw withoutKey(change, table);
            }
            key.append(table.name().getBytes(StandardCharsets.UTF_8));
        }
        JsonBuffer ofRecord = keyed || nullKey != NullKey.KEEP ? key : null;
        out.add(change, table.topic(), ofRecord, value, table.name(), headers.of(change, table, more));
        if (tombstones && keyed && change.kind() == ChangeKind.DELETE) {
            out.add(change, table.topic(), key, null, table.name(), headers.of(change, table, more));
        }
    }

    private void appendMessage(Change change, Records out) {
        MessageView message = change.message();
        if (messageTopic == null || message == null) {
            return;
        }
        Topic topic = messages;
        if (topic == null) {
            topic = tables.topic(messageTopic, messageTopic);
            messages = topic;
        }
        value.clear();
        format.append(change, value);
        key.clear();
        key.append(message.prefix().getBytes(StandardCharsets.UTF_8));
        out.add(change, topic, key, value, "a logical message", headers.of(change));
    }

    private RefusedChangeException withoutKey(Change change, TableRecords table) {
        return new RefusedChangeException(
                change.position(),
                "sink \"" + sink + "\": a row of " + table.name()
                        + " has no key, which null_key: refuse does not allow. Give the table a primary key, name key_columns,"
                        + " or choose another null_key.",
                null);
    }

    @Override
    public void forgetTopics() {
        tables.forget();
        messages = null;
    }
}
