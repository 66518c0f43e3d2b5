package io.pgcdc.connect.task;

import io.pgcdc.connect.offset.StreamOffset;
import java.util.List;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Records on their way to Kafka Connect, with the offsets that go with them.
 *
 * @param records none if the sink's route dropped all changes
 * @param ledgers how many of the first records carry no offset of the stream, but of a snapshot
 * @param after how far the stream is with these records
 * @param isWhole false if the rest of the last record's transaction, or chunk, follows in the next parcel
 * @param bytes that the records take in memory, roughly
 */
record Parcel(List<SourceRecord> records, int ledgers, StreamOffset after, boolean isWhole, long bytes) {

    /** Returns it without its first ledgers. */
    Parcel withoutLedgers() {
        return new Parcel(records.subList(ledgers, records.size()), 0, after, isWhole, bytes);
    }
}
