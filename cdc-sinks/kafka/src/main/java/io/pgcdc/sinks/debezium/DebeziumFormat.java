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
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values of records as Debezium's PostgreSQL connector makes them, in the JSON of Kafka Connect's JsonConverter.
 *
 * <pre>
 *   key    {"id":1}
 *   value  {"before":{..}|null,"after":{..}|null,"source":{..},"transaction":null,"op":"u","ts_ms":..,"ts_us":..,"ts_ns":..}
 *   with schemas, both:  {"schema":{..},"payload":..}
 *   of a message  {"prefix":"p"} and {"op":"m","ts_ms":..,"source":{..},"transaction":null,"message":{"prefix":"p","content":".."}}
 * </pre>
 *
 * A caller makes one record a change, and two of an update that {@link #isKeyChange}: DELETE with the old key, then CREATE with the new
 * one; and behind each DELETE, where Debezium does, a tombstone: its key without a value.
 *
 * <p>Keeps what it worked out for each relation; allocates nothing a change, numbers of more than 18 digits and points apart. Belongs to one thread.
 */
public final class DebeziumFormat {

    private final DebeziumOptions options;
    private final ColumnForms forms;
    private final Envelope envelope;
    private final MessageFormat messages;
    private final TransactionFormat transactions;
    private final PerLayout<TableFormat> tables = new PerLayout<>();

    public DebeziumFormat(DebeziumOptions options) {
        this.options = options;
        forms = new ColumnForms(options);
        envelope = new Envelope(options);
        messages = new MessageFormat(options, envelope);
        transactions = new TransactionFormat(options.schemas());
    }

    /** What a record of this change is of, an update that {@link #isKeyChange} apart. */
    public static Op op(ChangeKind kind) {
        return switch (kind) {
            case INSERT -> Op.CREATE;
            case UPDATE -> Op.UPDATE;
            case DELETE -> Op.DELETE;
            case TRUNCATE -> Op.TRUNCATE;
            case MESSAGE -> Op.MESSAGE;
            case READ, SCHEMA -> throw new IllegalStateException("the debezium format has no record for " + kind);
        };
    }

    /**
     * Topic of a table's records, {@code prefix.schema.table}: each UTF-16 unit that no topic's name may have becomes {@code _}. Two
     * tables can get one name.
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

    /** Whether an update gave the row another key: its old row carries a column of the key with another value. */
    public boolean isKeyChange(Change change) {
        Relation relation = change.relation();
        return change.kind() == ChangeKind.UPDATE
                && relation != null
                && table(relation).isKeyChange(change);
    }

    /**
     * Appends the key.
     *
     * @param old the key as it was before, for the DELETE of a key change
     * @return false, and nothing appended, when there is none: the table has no key, none of its columns is shown, the change is a
     *     TRUNCATE, or the server did not send a column of it
     * @throws DecodeException when a value's text does not fit its type; {@code out} is then as it was before
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
     * Appends one key of an update that {@link #isKeyChange}, as the other's record has it in a header: in the way of Kafka Connect's
     * SimpleHeaderConverter, the worker's default, without a schema whatever keys and values have, and numeric and money under {@code precise} as numbers.
     *
     * @param old the key as it was before
     * @return false, and nothing appended, where {@link #appendKey} would
     * @throws DecodeException as {@link #appendKey}
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
     * Appends the value.
     *
     * @param op what the record tells: DELETE and CREATE show one row of an update, the old and the new one
     * @throws DecodeException when a value's text does not fit its type; {@code out} is then as it was before
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
     * The values that follow have a place in a transaction, until told otherwise; Debezium's {@code provide.transaction.metadata}.
     *
     * @param id null: in none
     * @param total which of the transaction's records it is, from 1
     * @param ofTable which of those of its table, from 1
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
     * @param total of its records
     * @param counts how many each {@code schema.table} has
     */
    public void appendEnd(String id, long commitTimeMicros, long total, Map<String, Long> counts, JsonBuffer out) {
        transactions.appendEnd(id, commitTimeMicros, total, counts, out);
    }

    private TableFormat table(Relation relation) {
        TableFormat table = tables.find(relation);
        if (table == null) {
            table = new TableFormat(relation, key(relation), topic(relation), forms, options.schemas());
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
