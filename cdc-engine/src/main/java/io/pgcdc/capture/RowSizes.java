package io.pgcdc.capture;

import io.pgcdc.capture.TableTraffic.Sampled;
import io.pgcdc.decode.DeleteMessage;
import io.pgcdc.decode.FrameHead;
import io.pgcdc.decode.InsertMessage;
import io.pgcdc.decode.MessageHandler;
import io.pgcdc.decode.PgOutput;
import io.pgcdc.decode.PgOutputDecoder;
import io.pgcdc.decode.TupleData;
import io.pgcdc.decode.UpdateMessage;
import io.pgcdc.error.DecodeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Measures the values in the messages of rows. Capture thread. */
final class RowSizes {

    private static final Logger LOG = LoggerFactory.getLogger(RowSizes.class);

    /** The byte that says what a value is. */
    private static final int KIND = 1;

    /** The length of a value that has one. */
    private static final int LENGTH = 4;

    private final PgOutputDecoder decoder = new PgOutputDecoder(PgOutput.VERSION);
    private final Measuring measuring = new Measuring();

    /** Adds a row's sizes to a sample. */
    void look(FrameHead row, Sampled into) {
        measuring.into = into;
        try {
            decoder.decode(row.buffer(), row.offset(), row.length(), row.lsn(), measuring);
            into.message(row.length());
        } catch (DecodeException e) {
            // who delivers the row tells of it
            LOG.debug("a row cannot be measured", e);
        }
    }

    private static final class Measuring extends MessageHandler {

        private Sampled into = Sampled.NONE;

        @Override
        public void insert(InsertMessage insert) {
            measure(insert.readNewTuple());
        }

        @Override
        public void update(UpdateMessage update) {
            TupleData old = update.readTuples().oldTuple();
            if (old != null) {
                old(old, update.oldTupleIsKeyOnly());
            }
            measure(update.newTuple());
        }

        @Override
        public void delete(DeleteMessage delete) {
            TupleData old = delete.readOldTuple();
            old(old, delete.oldTupleIsKeyOnly());
        }

        private void old(TupleData old, boolean keyOnly) {
            int bytes = measure(old);
            if (!keyOnly) {
                into.oldRow(bytes);
            }
        }

        /** Returns the bytes of all values. */
        private int measure(TupleData row) {
            int sum = 0;
            for (int i = 0; i < row.columnCount(); i++) {
                byte kind = row.kind(i);
                boolean hasValue = kind == TupleData.TEXT || kind == TupleData.BINARY;
                int bytes = hasValue ? KIND + LENGTH + row.length(i) : KIND;
                into.column(i, bytes);
                sum += bytes;
            }
            return sum;
        }
    }
}
