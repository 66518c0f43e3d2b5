package io.pgcdc.sinks.debezium;

import io.pgcdc.error.DecodeException;
import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.model.Change;
import io.pgcdc.model.ChangeKind;
import io.pgcdc.model.Column;
import io.pgcdc.model.ColumnName;
import io.pgcdc.model.MessageView;
import io.pgcdc.model.PerLayout;
import io.pgcdc.model.Relation;
import io.pgcdc.model.TableName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes the keys and values of the records of Debezium's PostgreSQL connector, in the JSON of Kafka Connect's JsonConverter.
 *
 * <pre>
 *   key    {"id":1}
 *   value  {"before":{..}|null,"after":{..}|null,"source":{..},"transaction":null,"op":"u","ts_ms":..,"ts_us":..,"ts_ns":..}
 *   with schemas, both:  {"schema":{..},"payload":..}
 *   of a message  {"prefix":"p"} and {"op":"m","ts_ms":..,"source":{..},"transaction":null,"message":{"prefix":"p","content":".."}}
 * </pre>
 *
 * The caller makes one record per change. An update for which {@link #isKeyChange} is true needs two: a DELETE with the old key,
 * then a CREATE with the new key. If tombstones are on, a tombstone follows each DELETE: a record with the same key and no value.
 *
 * <p>Caches a {@link TableFormat} per layout of a table. Allocates nothing per change, except for numbers of more than 18 digits,
 * and points. For one thread.
 */
public final class DebeziumFormat {

    private final DebeziumOptions options;
    private final ColumnForms forms;
    private final Envelope envelope;
    private final MessageFormat messages;
    private final TransactionFormat transactions;
    private final PerLayout<TableFormat> tables = new PerLayout<>();
    private final JsonBuffer oldKey = new JsonBuffer();
    private final JsonBuffer newKey = new JsonBuffer();

    public DebeziumFormat(DebeziumOptions options) {
        this.options = options;
        forms = new ColumnForms(options);
        envelope = new Envelope(options);
        messages = new MessageFormat(options, envelope);
        transactions = new TransactionFormat(options.schemas());
    }

    /** Returns the op of the record of a change. Not for updates for which {@link #isKeyChange} is true. */
    public static Op op(ChangeKind kind) {
        return switch (kind) {
            case INSERT -> Op.CREATE;
            case UPDATE -> Op.UPDATE;
            case DELETE -> Op.DELETE;
            case TRUNCATE -> Op.TRUNCATE;
            case MESSAGE -> Op.MESSAGE;
            case READ -> Op.READ;
            case SCHEMA, RECONCILE ->
                throw new IllegalStateException("the debezium format has no record for a " + kind);
        };
    }

    /**
     * Returns the topic of a table's records, {@code prefix.schema.table}. Each UTF-16 unit that Kafka does not allow in topics
     * becomes {@code _}. So two tables can get the same topic.
     */
    public String topic(Relation relation) {
        return legal(options.prefix() + "." + relation.schema() + "." + relation.name());
    }

    private static String legal(String name) {
        StringBuilder topic = new StringBuilder(name);
        for (int i = 0; i < topic.length(); i++) {
            char c = topic.charAt(i);
            boolean fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!fits && c != '.' && c != '_' && c != '-') {
                topic.setCharAt(i, '_');
            }
        }
        return topic.toString();
    }

    /**
     * Returns true for an update whose old row shows another key. Values may differ and their keys be equal, such as 1.0 and 1.00 as
     * doubles; then it returns false, as a DELETE with the old key would delete the row.
     *
     * @throws DecodeException like {@link #appendKey}
     */
    public boolean isKeyChange(Change change) {
        Relation relation = change.relation();
        return change.kind() == ChangeKind.UPDATE
                && relation != null
                && shape(relation).differsInKey(change)
                && !haveEqualKeys(change);
    }

    private boolean haveEqualKeys(Change update) {
        oldKey.clear();
        newKey.clear();
        return appendKey(update, true, oldKey)
                && appendKey(update, false, newKey)
                && Arrays.equals(oldKey.array(), 0, oldKey.length(), newKey.array(), 0, newKey.length());
    }

    /**
     * Appends the key of a change.
     *
     * @param old true to append the old key, for the DELETE of a key change
     * @return false, with nothing appended, if there is no key: the table has no key, all its columns are left out, the change is a
     *     TRUNCATE, or the server did not send one of the key's columns
     * @throws DecodeException if a value's text does not fit its type; {@code out} is then unchanged
     */
    public boolean appendKey(Change change, boolean old, JsonBuffer out) {
        MessageView message = change.message();
        if (message != null) {
            messages.appendKey(message, out);
            return true;
        }
        Relation relation = change.relation();
        if (relation == null || change.kind() == ChangeKind.TRUNCATE) {
            return false;
        }
        int start = out.length();
        try {
            return table(relation).appendKey(change, old, false, out);
        } catch (DecodeException e) {
            out.truncate(start);
            throw e;
        }
    }

    /**
     * Appends one key of an update for which {@link #isKeyChange} is true, in the form for a header of the other record. The form
     * is that of SimpleHeaderConverter, the default of a Kafka Connect worker. It has no schema, even if keys and values have one.
     * With {@code decimal.handling.mode=precise}, numeric and money are JSON numbers in it.
     *
     * @param old true for the old key
     * @return false, with nothing appended, if {@link #appendKey} returns false
     * @throws DecodeException like {@link #appendKey}
     */
    public boolean appendKeyInHeader(Change update, boolean old, JsonBuffer out) {
        Relation relation = update.relation();
        if (relation == null) {
            return false;
        }
        int start = out.length();
        try {
            return table(relation).appendKey(update, old, true, out);
        } catch (DecodeException e) {
            out.truncate(start);
            throw e;
        }
    }

    /**
     * Appends the value of a change.
     *
     * @param op the record's op. If an update is written as DELETE, the record has only the old row; as CREATE, only the new row
     * @throws DecodeException if a value's text does not fit its type; {@code out} is then unchanged
     */
    public void appendValue(Change change, Op op, JsonBuffer out) {
        MessageView message = change.message();
        Relation relation = change.relation();
        int start = out.length();
        try {
            if (message != null) {
                messages.appendValue(change, message, out);
            } else if (relation != null) {
                table(relation).appendValue(change, op, envelope, out);
            } else {
                throw new IllegalArgumentException("neither of a table nor a message: " + change.kind());
            }
        } catch (DecodeException e) {
            out.truncate(start);
            throw e;
        }
    }

    /**
     * Sets the place in the transaction of all values until the next call, as Debezium writes it with
     * {@code provide.transaction.metadata}.
     *
     * @param id the transaction's id; null for no transaction
     * @param total the record's number in the transaction, from 1
     * @param ofTable the record's number among its table's records in the transaction, from 1
     */
    public void placeIn(@Nullable String id, long total, long ofTable) {
        envelope.placeIn(id, total, ofTable);
    }

    /** Appends the key of a transaction's boundaries. */
    public void appendBoundaryKey(String id, JsonBuffer out) {
        transactions.appendKey(id, out);
    }

    /**
     * Appends the value of a transaction's BEGIN.
     *
     * @param commitTimeMicros since 1970-01-01 UTC
     */
    public void appendBegin(String id, long commitTimeMicros, JsonBuffer out) {
        transactions.appendBegin(id, commitTimeMicros, out);
    }

    /**
     * Appends the value of a transaction's END.
     *
     * @param commitTimeMicros since 1970-01-01 UTC
     * @param total number of the transaction's records
     * @param counts number of records per {@code schema.table}
     */
    public void appendEnd(String id, long commitTimeMicros, long total, Map<String, Long> counts, JsonBuffer out) {
        transactions.appendEnd(id, commitTimeMicros, total, counts, out);
    }

    /** Returns the table's columns, key and schemas. The same layout has the same object. */
    public TableShape shape(Relation relation) {
        return table(relation).shape();
    }

    private TableFormat table(Relation relation) {
        TableFormat table = tables.find(relation);
        if (table == null) {
            table = new TableFormat(new TableShape(relation, key(relation), topic(relation), forms), options.schemas());
            tables.put(relation, table);
        }
        return table;
    }

    private List<Integer> key(Relation relation) {
        TableName name = new TableName(relation.schema(), relation.name());
        List<String> columns = relation.columns().stream().map(Column::name).toList();
        List<Integer> chosen = new ArrayList<>();
        for (ColumnName column : options.keyColumns()) {
            int at = column.table().equals(name) ? columns.indexOf(column.column()) : -1;
            if (at >= 0) {
                chosen.add(at);
            }
        }
        List<Integer> own = relation.recordIdColumns();
        return !chosen.isEmpty() ? chosen : own != null ? own : List.of();
    }
}
