package io.pgcdc.connect.record;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Records in the order in which they are to be sent. For one thread. */
public final class Ready {

    private final List<ReadyRecord> records = new ArrayList<>();

    /** Creates it empty. */
    public Ready() {}

    void add(ReadyRecord record) {
        records.add(record);
    }

    /** Returns a view of the records. */
    public List<ReadyRecord> records() {
        return Collections.unmodifiableList(records);
    }

    public int size() {
        return records.size();
    }

    void truncate(int size) {
        records.subList(size, records.size()).clear();
    }

    public void clear() {
        records.clear();
    }
}
