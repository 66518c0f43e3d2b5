package io.pgcdc.capture;

import io.pgcdc.decode.DeleteMessage;
import io.pgcdc.decode.InsertMessage;
import io.pgcdc.decode.MessageHandler;
import io.pgcdc.decode.PgOutput;
import io.pgcdc.decode.PgOutputDecoder;
import io.pgcdc.decode.TupleData;
import io.pgcdc.decode.UpdateMessage;
import io.pgcdc.model.Relation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The keys of one changed row. One object is used for all rows in turn. One thread. */
public final class KeyedChange {

    private final PgOutputDecoder decoder = new PgOutputDecoder(PgOutput.VERSION);
    private List<Integer> columns = List.of();
    private @Nullable RowKey newKey;
    private @Nullable RowKey oldKey;
    private boolean known;
    private boolean whole;

    private final MessageHandler handler = new MessageHandler() {
        @Override
        public void insert(InsertMessage insert) {
            newKey = RowKey.of(insert.readNewTuple(), columns, null);
            known = newKey != null;
            whole = true;
        }

        @Override
        public void update(UpdateMessage update) {
            update.readTuples();
            TupleData old = update.oldTuple();
            newKey = RowKey.of(update.newTuple(), columns, old);
            oldKey = old == null ? null : RowKey.of(old, columns, null);
            known = newKey != null && (old == null || oldKey != null);
            whole = (old != null && !update.oldTupleIsKeyOnly()) || isWhole(update.newTuple());
        }

        @Override
        public void delete(DeleteMessage delete) {
            oldKey = RowKey.of(delete.readOldTuple(), columns, null);
            known = oldKey != null;
        }
    };

    private static boolean isWhole(TupleData tuple) {
        for (int i = 0; i < tuple.columnCount(); i++) {
            if (tuple.kind(i) == TupleData.UNCHANGED_TOAST) {
                return false;
            }
        }
        return true;
    }

    /** Reads an Insert, Update or Delete message in {@code buffer[offset .. offset + length)}. */
    public KeyedChange read(byte[] buffer, int offset, int length, long lsn, Relation relation) {
        newKey = null;
        oldKey = null;
        whole = false;
        known = false;
        List<Integer> key = relation.recordIdColumns();
        if (key != null) {
            columns = key;
            decoder.decode(buffer, offset, length, lsn, handler);
        }
        return this;
    }

    /** Returns the key of the row as it is now; null: it was deleted, or {@link #isKnown} is false. */
    public @Nullable RowKey newKey() {
        return newKey;
    }

    /** Returns the key of the row as it was; null: it is the same, or the row is new. */
    public @Nullable RowKey oldKey() {
        return oldKey;
    }

    /** Returns false if the table or the message lacks the key. */
    public boolean isKnown() {
        return known;
    }

    /** Returns true if the message has the whole new row, with no unchanged value from TOAST left out. */
    public boolean isWhole() {
        return whole;
    }
}
