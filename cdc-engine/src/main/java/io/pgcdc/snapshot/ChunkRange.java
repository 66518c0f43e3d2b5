package io.pgcdc.snapshot;

import io.pgcdc.catalog.PublishedTables.TableFile;
import java.nio.charset.StandardCharsets;

/** What one chunk reads: a range of one file of a table. */
record ChunkRange(SnapshotTable table, TableFile file, TidRange range) {

    /** Returns what the queue stores with the chunk: the file's oid, its filenode, and the range. */
    byte[] description() {
        return (Integer.toUnsignedString(file.oid()) + " " + file.filenode() + " " + range)
                .getBytes(StandardCharsets.UTF_8);
    }

    ChunkRange with(TidRange other) {
        return new ChunkRange(table, file, other);
    }

    @Override
    public String toString() {
        return file.name() + " " + range;
    }
}
