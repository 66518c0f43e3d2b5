package io.pgcdc.snapshot;

import io.pgcdc.capture.RowKey;
import io.pgcdc.catalog.PublishedTables.TableFile;
import io.pgcdc.error.QueueException;
import io.pgcdc.queue.ChunkLabel;
import io.pgcdc.queue.LedgerFile;
import io.pgcdc.queue.SegmentStore;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known of a snapshot after a crash: if one was wanted, and which ranges of which files are finished. A range is written down when its
 * chunk is durable in the queue. Capture's checkpoint never passes a chunk that is not written down here, so a start finds the later ones in
 * the queue. One thread at a time.
 */
public final class Ledger {

    private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);

    private static final long NO_FILENODE = -1;
    private static final TidRange ALL = new TidRange(0, TidRange.END);

    /** How far the snapshot is. */
    public enum Phase {
        /** The slot is about to be created. */
        INTENDED,
        /** The tables are known, and are being read. */
        READING,
        /** All chunks are durable in the queue. */
        FINISHED
    }

    /**
     * A file, and the ranges of it that are finished.
     *
     * @param pass counts how often the table was begun again; a chunk of an earlier pass does not count
     */
    record FileProgress(int tableOid, int oid, String name, long filenode, int pass, TidRanges done) {}

    /**
     * How far a table is read in the order of its key.
     *
     * @param pass as for files
     * @param after the last key that is done; null: none is
     */
    record KeyProgress(int pass, @Nullable RowKey after) {}

    private final LedgerFile file;
    private SnapshotOrder order;
    private @Nullable Phase phase;
    private long lsn;
    private final Map<Integer, FileProgress> files = new LinkedHashMap<>();

    /** By oid of the table: the columns of its key, with their types. What is known of rows by key holds as long as they are the same. */
    private final Map<Integer, String> keys = new LinkedHashMap<>();

    /** By oid: the tables that are read in the order of their keys. */
    private final Map<Integer, KeyProgress> byKey = new LinkedHashMap<>();

    private final AppendedChunks chunks = new AppendedChunks();

    private final RowList rows = new RowList();

    private boolean changed;

    private Ledger(LedgerFile file, SnapshotOrder order) {
        this.file = file;
        this.order = order;
    }

    /**
     * Reads the ledger.
     *
     * @throws QueueException QUEUE_DAMAGED, QUEUE_FORMAT
     */
    public static Ledger open(LedgerFile file) {
        Ledger ledger = new Ledger(file, SnapshotOrder.INITIAL);
        String text = file.read();
        if (text != null) {
            ledger.restore(LedgerText.parse(text, file));
        }
        return ledger;
    }

    private void restore(LedgerText text) {
        order = text.order();
        phase = text.phase();
        lsn = text.lsn();
        files.putAll(text.files());
        keys.putAll(text.keys());
        byKey.putAll(text.byKey());
        text.incomplete().forEach((table, keysOfRows) -> keysOfRows.forEach(key -> rows.add(table, key)));
    }

    /** Begins the ledger of a snapshot that was ordered. Durable on return. */
    static Ledger begin(LedgerFile file, SnapshotOrder order) {
        Ledger ledger = new Ledger(file, order);
        ledger.intend();
        return ledger;
    }

    SnapshotOrder order() {
        return order;
    }

    /** Returns how far the snapshot is; null: none was ever wanted. */
    public @Nullable Phase phase() {
        return phase;
    }

    /** Returns the LSN that the rows show; INVALID while it is not known. */
    long lsn() {
        return lsn;
    }

    /** Returns the files that are read, once they are known. */
    Map<Integer, FileProgress> files() {
        return files;
    }

    /**
     * Notes that a snapshot is wanted, and that nothing of it is done. Durable on return. Call it before the slot is created, and when changes
     * go by that nobody compares with the rows: what was done before would not fit the rest.
     */
    public void intend() {
        enterEmpty(Phase.INTENDED);
    }

    /**
     * Notes what is read. Keeps what is done of files that are the same. Durable on return.
     *
     * @param atLsn the LSN that the rows show; INVALID: each chunk has its own
     * @param tables those that exist
     */
    void plan(long atLsn, List<SnapshotTable> tables) {
        boolean first = phase == Phase.INTENDED;
        phase = Phase.READING;
        lsn = first ? atLsn : lsn;
        tables.forEach(this::planKey); // it may begin a table again
        Map<Integer, FileProgress> before = Map.copyOf(files);
        Set<Integer> wanted =
                before.values().stream().map(FileProgress::tableOid).collect(Collectors.toSet());
        files.clear();
        for (SnapshotTable table : tables) {
            if (first || wanted.contains(table.oid())) {
                planByKey(table, before);
                table.files().forEach(f -> files.put(f.oid(), progress(table, f, before.get(f.oid()))));
            }
        }
        keys.keySet().removeIf(table -> !reads(table));
        byKey.keySet().removeIf(table -> !reads(table));
        rows.keepTables(this::reads);
        before.forEach((oid, progress) -> {
            if (!files.containsKey(oid) && !progress.done().isWhole()) {
                LOG.warn("{} was dropped, or left the publications, before all its rows were read", progress.name());
            }
        });
        write();
    }

    private void planKey(SnapshotTable table) {
        String key = table.key();
        String known = keys.put(table.oid(), key);
        boolean depends = hasIncomplete(table.oid()) || byKey.containsKey(table.oid());
        if (known != null && !known.equals(key) && depends) {
            LOG.warn("{} has another key now: its rows are read from the beginning again", table.name());
            again(table.oid());
        }
    }

    /** A rewritten table is read in the order of its key: what is done then outlasts the next rewrite. */
    private void planByKey(SnapshotTable table, Map<Integer, FileProgress> before) {
        if (!table.hasOrder()) {
            byKey.remove(table.oid());
        } else if (byKey.containsKey(table.oid())) {
            return;
        }
        List<TableFile> rewritten = table.files().stream()
                .filter(file -> isRewritten(file, before.get(file.oid())))
                .toList();
        rewritten.forEach(file -> LOG.warn(
                "{} was rewritten before all its rows were read: the rows of {} are read again{}",
                file.name(),
                table.name(),
                table.hasOrder() ? ", in the order of their key" : ""));
        if (table.hasOrder() && (!rewritten.isEmpty() || !table.hasParts())) {
            byKey.put(table.oid(), new KeyProgress(0, null));
        }
    }

    private static boolean isRewritten(TableFile file, @Nullable FileProgress before) {
        return before != null
                && before.filenode() != file.filenode()
                && before.filenode() != NO_FILENODE
                && !before.done().isWhole();
    }

    private static FileProgress progress(SnapshotTable table, TableFile file, @Nullable FileProgress before) {
        if (before != null && before.filenode() == file.filenode()) {
            return before;
        }
        // if all was read, every later change of its rows is streamed
        TidRanges done = before != null && before.done().isWhole() ? before.done() : new TidRanges();
        int pass = before == null ? 0 : before.pass();
        return new FileProgress(table.oid(), file.oid(), file.name().toString(), file.filenode(), pass, done);
    }

    /**
     * Notes where files end: a later row, or version of a row, comes as a change. Durable on return.
     *
     * @param tables with sizes that were read after their changes were compared with the rows; files that are not planned do not count
     */
    void bound(List<SnapshotTable> tables) {
        for (SnapshotTable table : tables) {
            for (TableFile file : table.files()) {
                FileProgress progress = files.get(file.oid());
                if (progress != null && progress.filenode() == file.filenode()) {
                    progress.done().add(new TidRange(TidRange.place(file.blocks(), 0), TidRange.END));
                }
            }
        }
        write();
    }

    /** Returns true if these are the keys and the files that are planned. */
    boolean fits(List<SnapshotTable> tables) {
        return tables.stream()
                .filter(table -> reads(table.oid()))
                .allMatch(table -> table.key().equals(keys.get(table.oid()))
                        && table.files().stream().allMatch(this::isPlanned));
    }

    private boolean isPlanned(TableFile file) {
        FileProgress planned = files.get(file.oid());
        return planned != null && planned.filenode() == file.filenode();
    }

    /** Returns the oids of the tables that are read. */
    Set<Integer> tables() {
        return files.values().stream().map(FileProgress::tableOid).collect(Collectors.toUnmodifiableSet());
    }

    /** Returns the oids of the tables of which something is left. */
    Set<Integer> unfinished() {
        Set<Integer> left = new HashSet<>(rows.tables());
        files.values().stream().filter(file -> !file.done().isWhole()).forEach(file -> left.add(file.tableOid()));
        return left;
    }

    /**
     * Notes that the chunk of a range is in the queue.
     *
     * @param index of its last segment; {@link SegmentStore#NONE}: it had no rows, so nothing was stored
     */
    void appended(ChunkRange range, long index) {
        chunks.onceDurable(index, () -> done(range.file().oid(), range.file().filenode(), range.pass(), range.range()));
    }

    /** Notes that all rows of a table are in the queue; {@code index} as above. */
    void appended(ChunkWhole whole, long index) {
        filesOf(whole.table().oid())
                .forEach(file -> chunks.onceDurable(index, () -> done(file.oid(), file.filenode(), file.pass(), ALL)));
    }

    /** Notes that the chunk is in the queue; {@code index} as above. */
    void appended(ChunkFromKey chunk, long index) {
        chunks.onceDurable(index, () -> doneByKey(chunk.table().oid(), chunk.pass(), chunk.upTo()));
    }

    /** @param upTo null: to the end */
    private void doneByKey(int table, int pass, @Nullable RowKey upTo) {
        KeyProgress progress = byKey.get(table);
        if (progress == null || progress.pass() != pass) {
            return;
        }
        if (upTo == null) {
            filesOf(table).forEach(file -> done(file.oid(), file.filenode(), file.pass(), ALL));
        }
        byKey.put(table, new KeyProgress(pass, upTo));
        changed = true;
    }

    /** Returns how far a table is read in the order of its key; null: it is read otherwise. */
    @Nullable
    KeyProgress byKey(int table) {
        return byKey.get(table);
    }

    private List<FileProgress> filesOf(int table) {
        return files.values().stream().filter(file -> file.tableOid() == table).toList();
    }

    /** Notes that a chunk has these rows whole, or shows that they are gone; {@code index} as above. */
    void appended(int table, Collection<RowKey> whole, long index) {
        if (whole.isEmpty()) {
            return;
        }
        int chunk = rows.leaving(table, whole);
        chunks.onceDurable(index, () -> changed |= rows.left(table, whole, chunk));
    }

    /** Returns true if the chunk belongs to this snapshot. */
    boolean isOf(ChunkLabel label) {
        return label.snapshot().equals(order.id());
    }

    /**
     * Notes a chunk of this snapshot that a start found in the queue.
     *
     * @param description as {@link ChunkRange#description} made it
     * @throws IllegalArgumentException the text is none
     */
    void found(String description) {
        String[] words = description.split(" ", -1);
        if (words[0].equals(ChunkKeys.KEYS) || words[0].equals(ChunkReconcile.RECONCILE)) {
            return; // the rows tell their keys; a beginning or an end may be repeated
        }
        if (words[0].equals(ChunkWhole.WHOLE)) {
            int table = Integer.parseUnsignedInt(words[1]);
            filesOf(table).forEach(file -> done(file.oid(), file.filenode(), file.pass(), ALL));
            return;
        }
        if (words[0].equals(ChunkFromKey.FROM_KEY)) {
            doneByKey(Integer.parseUnsignedInt(words[1]), Integer.parseInt(words[2]), key(words[3]));
            return;
        }
        if (words.length != 4) {
            throw new IllegalArgumentException("not the description of a chunk: " + description);
        }
        done(
                Integer.parseUnsignedInt(words[0]),
                Long.parseLong(words[1]),
                Integer.parseInt(words[2]),
                TidRange.parse(words[3]));
    }

    private static @Nullable RowKey key(String word) {
        return word.equals(ChunkFromKey.END) ? null : RowKey.ofHex(word);
    }

    /** Writes down the chunks that are durable in the queue up to an index. */
    void durableThrough(long index) {
        chunks.durableThrough(index);
        changed |= rows.durableThrough(index);
        if (changed) {
            write();
        }
    }

    /** Marks a range as done, unless its file is gone, is another one now, or was begun again. */
    private void done(int oid, long filenode, int pass, TidRange range) {
        FileProgress progress = files.get(oid);
        if (progress != null && progress.filenode() == filenode && progress.pass() == pass) {
            progress.done().add(range);
            changed = true;
        }
    }

    /** Notes that the sinks lack a value of the row. */
    void incomplete(int table, RowKey key) {
        changed |= rows.add(table, key);
    }

    /** Returns true if no chunk has brought the row whole, as far as is known: a change that lacks values makes it incomplete. */
    boolean isMissing(int table, RowKey key) {
        // once all ranges of a table are read, every other row was delivered whole
        return isIncomplete(table, key) || !isWhole(table);
    }

    /**
     * Notes that an incomplete row has another key now.
     *
     * @param after index after which its transaction stands in the queue
     */
    void moved(int table, RowKey oldKey, long after) {
        rows.moved(table, oldKey, after);
    }

    /** A start begins to read the queue, from capture's checkpoint on. Call {@link #endRecovery} at its end. */
    void beginRecovery() {
        rows.beginRecovery();
    }

    void endRecovery() {
        rows.endRecovery();
    }

    /** Notes that the whole row was delivered, or that it is gone. */
    void complete(int table, RowKey key) {
        changed |= rows.complete(table, key);
    }

    /** Notes that all rows of a table are gone. */
    void emptied(int table) {
        changed |= rows.emptied(table);
    }

    /** Returns true if rows of a table are to be read again. */
    boolean hasIncomplete(int table) {
        return rows.count(table) > 0;
    }

    /** Returns true if the row is to be read again. */
    boolean isIncomplete(int table, RowKey key) {
        return rows.contains(table, key);
    }

    /** Returns how many rows of a table are to be read again. */
    int countIncomplete(int table) {
        return rows.count(table);
    }

    /** Returns the bytes that the rows of a table that are to be read again, and their former keys, take in the ledger's text. */
    long incompleteBytes(int table) {
        return rows.bytesOf(table);
    }

    /** Returns the bytes that they may take. */
    long maxIncompleteBytes() {
        return file.maxKeyBytes();
    }

    /** Returns some of the rows of a table to be read again, without those whose chunks are not durable yet. */
    Set<RowKey> someIncomplete(int table, int limit) {
        return rows.some(table, limit);
    }

    /** Returns true if no row is to be read again by key. */
    boolean isComplete() {
        return rows.isEmpty();
    }

    /** Begins a table from its first range again. {@link #plan} must follow. */
    void again(int table) {
        rows.again(table);
        files.replaceAll((oid, f) -> f.tableOid() == table
                ? new FileProgress(table, oid, f.name(), NO_FILENODE, f.pass() + 1, new TidRanges())
                : f);
        byKey.computeIfPresent(table, (oid, k) -> new KeyProgress(k.pass() + 1, null));
        changed = true;
    }

    /** Returns how many blocks of a file are done. */
    long blocksDone(TableFile file) {
        FileProgress progress = files.get(file.oid());
        return progress == null ? 0 : progress.done().blocks(file.blocks());
    }

    /** Returns true if all ranges of the table are read. */
    boolean isWhole(int table) {
        return files.values().stream()
                .allMatch(file -> file.tableOid() != table || file.done().isWhole());
    }

    /** Returns true if the table is one of those that are read. */
    boolean reads(int table) {
        return files.values().stream().anyMatch(file -> file.tableOid() == table);
    }

    /** Returns true if all chunks in the queue are written down. */
    boolean isSettled() {
        return chunks.isEmpty();
    }

    /** Returns true if nothing is left to read. */
    boolean isWhole() {
        return isComplete()
                && files.values().stream().allMatch(file -> file.done().isWhole());
    }

    /** Notes that all is read, and durable in the queue. Durable on return. */
    void finish() {
        enterEmpty(Phase.FINISHED);
    }

    private void enterEmpty(Phase next) {
        phase = next;
        chunks.clear();
        files.clear();
        keys.clear();
        byKey.clear();
        rows.clear();
        write();
    }

    private void write() {
        file.write(new LedgerText(order, phase, lsn, files, keys, byKey, rows.withFormerKeys()).toString());
        changed = false;
    }
}
