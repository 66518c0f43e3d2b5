package io.pgcdc.connect.offset;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.jspecify.annotations.Nullable;

/**
 * The ledger of a snapshot as offsets: one says what the snapshot is and which tables it reads; one a table says how far that table is. A chunk
 * so writes only the offset of its table. The ledger's text has a line for each fact, and the lines of tables name their table's oid. One thread at
 * a time.
 */
public final class LedgerOffsets {

    /** Bytes that keys of single rows of one table may take. Together with {@link #MAX_OTHER_BYTES} less than Kafka takes by default, 1 MiB. */
    public static final int MAX_KEY_BYTES = 256 << 10;

    /** Bytes that the rest of an offset may take. */
    static final int MAX_OTHER_BYTES = 700_000;

    /** Words that begin a table's line. The second word is the oid. */
    private static final Set<String> OF_TABLES = Set.of("file", "key", "by_key", "incomplete");

    private static final String OF_ROWS = "incomplete ";
    private static final String LAST_KEY = "by_key ";

    private static final String GENERATION = "generation";
    private static final String TABLES = "tables";
    private static final String LEDGER = "ledger";
    private static final String DONE = "done";
    private static final String UPPER = "upper";
    private static final String FILENODE = "filenode";
    private static final String FINISHED = "phase FINISHED";

    /** A file's range from its first place, without an end. */
    private static final String WHOLE = "0.0-";

    private final Map<String, String> stream;
    private final String snapshot;

    /** Tells offsets of an earlier snapshot with the same id from those of this one. */
    private String generation;

    private Sections written = new Sections("", Map.of());

    private record Sections(String header, Map<String, String> tables) {}

    private LedgerOffsets(Map<String, String> stream, String snapshot, String generation) {
        this.stream = stream;
        this.snapshot = snapshot;
        this.generation = generation;
    }

    /** Begins a ledger that Kafka Connect does not have yet. */
    public static LedgerOffsets begin(Map<String, String> stream, String snapshot) {
        return new LedgerOffsets(stream, snapshot, "");
    }

    /** Reads a ledger from the offsets. Empty if there is none. */
    public static LedgerOffsets load(Map<String, String> stream, String snapshot, OffsetStorageReader reader) {
        Map<String, Object> header = reader.offset(Partitions.snapshot(stream, snapshot));
        LedgerOffsets ledger = begin(stream, snapshot);
        if (header == null) {
            return ledger;
        }
        ledger.generation = String.valueOf(header.get(GENERATION));
        List<String> oids = words(String.valueOf(header.get(TABLES)));
        Map<Map<String, String>, Map<String, Object>> found = reader.offsets(oids.stream()
                .map(oid -> Partitions.table(stream, snapshot, oid))
                .toList());
        Map<String, String> tables = new LinkedHashMap<>();
        for (String oid : oids) {
            Map<String, Object> table = found.get(Partitions.table(stream, snapshot, oid));
            if (table == null || !ledger.generation.equals(table.get(GENERATION))) {
                // not all of the plan was kept: the snapshot begins again
                return begin(stream, snapshot);
            }
            tables.put(oid, String.valueOf(table.get(LEDGER)));
        }
        ledger.written = new Sections(String.valueOf(header.get(LEDGER)), tables);
        return ledger;
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(",", -1));
    }

    /**
     * Checks that each offset of a text fits into a record in Kafka. A larger one would end the task when it is written, and at each later start.
     *
     * @throws SourceException SNAPSHOT_REFUSED
     */
    static void requireRoom(String snapshot, String text) {
        if (text.length() <= MAX_OTHER_BYTES) {
            return;
        }
        Sections sections = sections(text);
        long head = bytes(sections.header(), line -> true)
                + String.join(",", sections.tables().keySet()).length();
        if (head > MAX_OTHER_BYTES) {
            throw tooLarge(
                    "the list of tables and the condition of snapshot " + snapshot,
                    head,
                    "Read fewer tables with one snapshot: publish fewer, or name those to read in the order.");
        }
        sections.tables().forEach((oid, lines) -> {
            long other = bytes(lines, line -> !line.startsWith(OF_ROWS));
            if (other > MAX_OTHER_BYTES) {
                boolean longKey = bytes(lines, line -> line.startsWith(LAST_KEY)) > other / 2;
                throw tooLarge(
                        "what snapshot " + snapshot + " must know of the table with oid " + oid,
                        other,
                        "To find its name: SELECT " + oid + "::regclass; "
                                + (longKey
                                        ? "The last key that was read is so long. Give the table a shorter primary key, or leave it out of the publication."
                                        : "It has thousands of partitions. Publish these as tables (ALTER PUBLICATION ... SET"
                                                + " (publish_via_partition_root = false)), or leave the table out of the publication."));
            }
        });
    }

    private static SourceException tooLarge(String what, long bytes, String remedy) {
        return new SourceException(
                ErrorCode.SNAPSHOT_REFUSED,
                what + " takes " + bytes
                        + " bytes; an offset in Kafka Connect has room for " + MAX_OTHER_BYTES + ". "
                        + remedy);
    }

    /** Returns the bytes that some of the lines take in JSON. */
    private static long bytes(String lines, Predicate<String> which) {
        return lines.lines().filter(which).mapToLong(line -> line.length() + 2).sum();
    }

    /** Returns the ledger's text; null: there is none. */
    public @Nullable String text() {
        return written.header().isEmpty()
                ? null
                : written.header() + String.join("", written.tables().values());
    }

    /** Returns the offset of a table as it was written last, for rows before a chunk's end. */
    public KeptOffset begun(String table) {
        return ofTable(table, written.tables().getOrDefault(table, ""));
    }

    /**
     * Returns the offsets that change with a text, the tables' first. They count as written.
     *
     * @param nextGeneration text that no earlier snapshot had
     */
    public List<KeptOffset> change(String text, String nextGeneration) {
        Sections next = sections(text);
        List<KeptOffset> changed = new ArrayList<>();
        if (generation.isEmpty()
                || (next.tables().isEmpty() && !written.tables().isEmpty())) {
            generation = nextGeneration;
            written = new Sections("", Map.of());
        }
        next.tables().forEach((table, lines) -> {
            if (!lines.equals(written.tables().get(table))) {
                changed.add(ofTable(table, lines));
            }
        });
        boolean same = next.header().equals(written.header())
                && next.tables().keySet().equals(written.tables().keySet());
        if (!same) {
            Map<String, Object> offset = new LinkedHashMap<>();
            offset.put(GENERATION, generation);
            offset.put(TABLES, String.join(",", next.tables().keySet()));
            offset.put(LEDGER, next.header());
            changed.add(new KeptOffset(Partitions.snapshot(stream, snapshot), offset));
        }
        written = next;
        return changed;
    }

    private KeptOffset ofTable(String table, String lines) {
        Map<String, Object> offset = new LinkedHashMap<>();
        offset.put(GENERATION, generation);
        List<String[]> files = lines.lines()
                .map(line -> line.split(" ", -1))
                .filter(words -> words[0].equals("file"))
                .toList();
        if (files.size() == 1) {
            offset.put(FILENODE, Long.parseLong(files.get(0)[3]));
            offset.put(UPPER, files.get(0)[6]);
        }
        offset.put(DONE, !files.isEmpty() && files.stream().allMatch(words -> words[6].equals(WHOLE)));
        offset.put(LEDGER, lines);
        return new KeptOffset(Partitions.table(stream, snapshot, table), offset);
    }

    private static Sections sections(String text) {
        StringBuilder header = new StringBuilder();
        Map<String, StringBuilder> tables = new TreeMap<>();
        boolean finished = text.contains(FINISHED);
        text.lines().forEach(line -> {
            String[] words = line.split(" ", 3);
            if (!OF_TABLES.contains(words[0])) {
                header.append(line).append('\n');
            } else if (!finished) {
                tables.computeIfAbsent(words[1], oid -> new StringBuilder())
                        .append(line)
                        .append('\n');
            }
        });
        Map<String, String> lines = new LinkedHashMap<>();
        tables.forEach((oid, of) -> lines.put(oid, of.toString()));
        return new Sections(header.toString(), lines);
    }
}
