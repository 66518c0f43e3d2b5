package io.pgcdc.connect.record;

import io.pgcdc.model.Change;
import io.pgcdc.sinks.kafka.format.RecordFormat;

/**
 * Makes records with a format of the Kafka sink.
 *
 * @param <V> the form of the format's keys and values
 */
final class FormatMaker<V> implements RecordMaker {

    private final RecordFormat<V> format;
    private final ReadyCollector<V> collector;

    FormatMaker(RecordFormat<V> format, ReadyCollector<V> collector) {
        this.format = format;
        this.collector = collector;
    }

    @Override
    public void startOfBatch() {
        format.startOfBatch();
    }

    @Override
    public void append(Change change, Ready out) {
        int before = out.size();
        try {
            format.append(change, collector.into(out));
        } catch (RuntimeException e) {
            out.truncate(before); // the first record of two, or a transaction's begin
            throw e;
        }
    }

    @Override
    public void endOfTransaction(Ready out) {
        format.endOfTransaction(collector.into(out));
    }

    @Override
    public void passOver(Change change, boolean whole) {
        format.passOver(change, whole);
    }

    @Override
    public void undoBatch() {
        format.undoBatch();
    }
}
