package io.pgcdc.sinks.kafka.format;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.model.Change;
import io.pgcdc.model.ChangeKind;
import io.pgcdc.model.MessageView;
import io.pgcdc.model.Relation;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sink.RefusedChangeException;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Makes records of all changes of tables, and of logical messages. For one thread.
 *
 * @param <V> the form of keys and values
 */
final class ChangeRecords<V> implements RecordFormat<V> {

    private final String sink;
    private final SettingValues settings;
    private final KnownTables tables;
    private final Contents<V> contents;
    private final JsonBuffer newKey = new JsonBuffer();
    private final JsonBuffer oldKey = new JsonBuffer();
    private final NullKey nullKey;
    private final Set<ChangeKind> skipped;
    private final boolean tombstones;
    private final ChangeHeaders headers;
    private final boolean keyHeaders;
    private final @Nullable String messageTopic;
    private final @Nullable Boundaries<V> boundaries;

    /** Receives the records of changes that were sent before; nobody sends these records again. */
    private final Collector<V> unwanted = new NoRecords<>();

    private @Nullable Topic messages;

    ChangeRecords(String sink, SettingValues settings, Topics topics, Contents<V> contents) {
        this.sink = sink;
        this.settings = settings;
        this.contents = contents;
        tables = new KnownTables(sink, settings, topics);
        nullKey = settings.get(FormatSettings.NULL_KEY);
        tombstones = settings.get(FormatSettings.TOMBSTONES);
        headers = new ChangeHeaders(settings.get(FormatSettings.HEADERS));
        keyHeaders = settings.get(FormatSettings.KEY_CHANGE_HEADERS);
        skipped = Set.copyOf(settings.get(FormatSettings.SKIP));
        messageTopic = settings.find(FormatSettings.MESSAGE_TOPIC);
        String transactions = settings.find(FormatSettings.TRANSACTION_TOPIC);
        boundaries = transactions == null
                ? null
                : new Boundaries<>(() -> tables.topic(transactions, transactions), contents);
    }

    @Override
    public void startOfBatch() {
        if (boundaries != null) {
            boundaries.startOfBatch();
        }
    }

    @Override
    public void passOver(Change change, boolean whole) {
        if (boundaries != null) {
            append(change, unwanted);
            if (whole) {
                boundaries.endIsKnown();
            }
        }
    }

    @Override
    public void endOfTransaction(Collector<V> out) {
        if (boundaries != null) {
            boundaries.close(out);
        }
    }

    @Override
    public void undoBatch() {
        if (boundaries != null) {
            boundaries.undoBatch();
        }
    }

    @Override
    public void append(Change change, Collector<V> out) {
        if (boundaries != null) {
            boundaries.enter(change, out);
        }
        if (skipped.contains(change.kind())) {
            return;
        }
        Relation relation = change.relation();
        if (relation == null) {
            appendMessage(change, out);
            return;
        }
        TableRecords table = tables.of(relation);
        if (change.kind() == ChangeKind.UPDATE && contents.changesKey(change, table)) {
            appendKeyChange(change, table, out);
        } else {
            appendOne(change, Part.ALL, table, List.of(), out);
        }
    }

    @Override
    public TableKeys keys(Relation relation) {
        TableRecords table = tables.of(relation);
        boolean shared = tables.isShared(relation);
        return new TableKeys(table, headers, Deletions.obstacle(settings, table, shared), shared, nullKey);
    }

    private void appendKeyChange(Change change, TableRecords table, Collector<V> out) {
        oldKey.clear();
        if (!contents.appendKeyInHeader(change, Part.REMOVED, table, oldKey)) {
            appendOne(change, Part.ALL, table, List.of(), out); // the update does not tell all of the old key
            return;
        }
        newKey.clear();
        boolean keyed =
                contents.appendKeyInHeader(change, Part.ADDED, table, newKey); // false if a part of the new key is null
        List<Header> ofOld = keyed && keyHeaders ? List.of(ChangeHeaders.newKey(newKey)) : List.of();
        List<Header> ofNew = keyHeaders ? List.of(ChangeHeaders.oldKey(oldKey)) : List.of();
        appendOne(change, Part.REMOVED, table, ofOld, out);
        appendOne(change, Part.ADDED, table, ofNew, out);
    }

    private void appendOne(Change change, Part part, TableRecords table, List<Header> more, Collector<V> out) {
        if (boundaries != null) {
            boundaries.place(table.name());
        }
        V value = contents.value(change, part, table);
        V own = contents.key(change, part, table);
        if (own == null && nullKey == NullKey.REFUSE && change.kind() != ChangeKind.TRUNCATE) {
            throw withoutKey(change, table);
        }
        V key = own == null && nullKey == NullKey.TABLE ? contents.tableKey(table) : own;
        ChangeKind kind = part.kind(change);
        Headers to = out.add(change, table.topic(), key, value, table.name());
        headers.add(change, kind, table, contents.headers(), more, to);
        if (tombstones && own != null && kind == ChangeKind.DELETE) {
            headers.add(change, kind, table, List.of(), more, out.add(change, table.topic(), own, null, table.name()));
        }
    }

    private void appendMessage(Change change, Collector<V> out) {
        MessageView message = change.message();
        if (message == null) {
            throw new IllegalStateException("no topic for a " + change.kind() + " without a table");
        }
        if (messageTopic == null) {
            return;
        }
        Topic topic = messages;
        if (topic == null) {
            topic = tables.topic(messageTopic, messageTopic);
            messages = topic;
        }
        if (boundaries != null) {
            boundaries.place(null);
        }
        V value = contents.value(change, message);
        V key = contents.key(change, message);
        headers.add(change, contents.headers(), out.add(change, topic, key, value, "a logical message"));
    }

    private RefusedChangeException withoutKey(Change change, TableRecords table) {
        return new RefusedChangeException(
                change.position(),
                "sink \"" + sink + "\": a row of " + table.name()
                        + " has no key, which null_key: refuse does not allow. Add a primary key to the table, write"
                        + " key_columns, or write another null_key.",
                null);
    }
}
