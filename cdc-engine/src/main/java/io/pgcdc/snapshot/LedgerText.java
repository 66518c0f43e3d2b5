package io.pgcdc.snapshot;

import io.pgcdc.capture.RowKey;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import io.pgcdc.model.Lsn;
import io.pgcdc.queue.BeginAnew;
import io.pgcdc.queue.LedgerFile;
import io.pgcdc.snapshot.Ledger.FileProgress;
import io.pgcdc.snapshot.Ledger.KeyProgress;
import io.pgcdc.snapshot.Ledger.Phase;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a ledger stores, as lines of words. Its toString is the text.
 *
 * @param phase null: no snapshot was ever wanted
 * @param files by oid
 * @param keys by oid of the table: columns of its key
 * @param byKey by oid of the table
 * @param incomplete by oid of the table
 */
record LedgerText(
        SnapshotOrder order,
        @Nullable Phase phase,
        long lsn,
        Map<Integer, FileProgress> files,
        Map<Integer, String> keys,
        Map<Integer, KeyProgress> byKey,
        Map<Integer, Set<RowKey>> incomplete) {

    private static final int FORMAT = 2;

    /** Stands for a key that is not there. */
    private static final String NONE = "-";

    /**
     * Reads the text.
     *
     * @param from for messages
     * @throws QueueException QUEUE_DAMAGED, QUEUE_FORMAT
     */
    static LedgerText parse(String text, LedgerFile from) {
        Parser parser = new Parser(from);
        try {
            text.lines().forEach(parser::line);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new QueueException(
                    ErrorCode.QUEUE_DAMAGED,
                    "the snapshot's ledger cannot be read: " + e.getMessage() + "; " + from + BeginAnew.REMEDY,
                    e);
        }
        return parser.text();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        line(text, "format", FORMAT);
        text.append(order.lines());
        line(text, "phase", phase);
        line(text, "lsn", Lsn.toString(lsn));
        files.values()
                .forEach(f -> line(
                        text,
                        "file",
                        oid(f.tableOid()),
                        oid(f.oid()),
                        f.filenode(),
                        f.pass(),
                        encoded(f.name()),
                        f.done()));
        keys.forEach((table, key) -> line(text, "key", oid(table), encoded(key)));
        byKey.forEach((table, progress) -> line(text, "by_key", oid(table), progress.pass(), hex(progress.after())));
        incomplete.forEach((table, keys) -> keys.forEach(key -> line(text, "incomplete", oid(table), key.hex())));
        return text.toString();
    }

    private static void line(StringBuilder text, @Nullable Object... words) {
        text.append(Stream.of(words).map(String::valueOf).collect(Collectors.joining(" ")))
                .append('\n');
    }

    private static String oid(int oid) {
        return Integer.toUnsignedString(oid);
    }

    private static String hex(@Nullable RowKey key) {
        return key == null ? NONE : key.hex();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static final class Parser {

        private final LedgerFile from;
        private final SnapshotOrder.Parser order = new SnapshotOrder.Parser();
        private @Nullable Phase phase;
        private long lsn;
        private final Map<Integer, FileProgress> files = new LinkedHashMap<>();
        private final Map<Integer, String> keys = new LinkedHashMap<>();
        private final Map<Integer, KeyProgress> byKey = new LinkedHashMap<>();
        private final Map<Integer, Set<RowKey>> incomplete = new LinkedHashMap<>();

        Parser(LedgerFile from) {
            this.from = from;
        }

        LedgerText text() {
            return new LedgerText(order.order(), phase, lsn, files, keys, byKey, incomplete);
        }

        void line(String line) {
            String[] words = line.split(" ", -1);
            if (words.length == 2 && order.line(words[0], words[1])) {
                return;
            }
            switch (words[0]) {
                case "format" -> requireFormat(Integer.parseInt(words[1]));
                case "phase" -> phase = Phase.valueOf(words[1]);
                case "lsn" -> lsn = Lsn.parse(words[1]);
                case "file" -> {
                    int oid = Integer.parseUnsignedInt(words[2]);
                    files.put(
                            oid,
                            new FileProgress(
                                    Integer.parseUnsignedInt(words[1]),
                                    oid,
                                    decoded(words[5]),
                                    Long.parseLong(words[3]),
                                    Integer.parseInt(words[4]),
                                    TidRanges.parse(words[6])));
                }
                case "key" -> keys.put(Integer.parseUnsignedInt(words[1]), decoded(words[2]));
                case "by_key" ->
                    byKey.put(
                            Integer.parseUnsignedInt(words[1]),
                            new KeyProgress(
                                    Integer.parseInt(words[2]), words[3].equals(NONE) ? null : RowKey.ofHex(words[3])));
                case "incomplete" ->
                    incomplete
                            .computeIfAbsent(Integer.parseUnsignedInt(words[1]), t -> new LinkedHashSet<>())
                            .add(RowKey.ofHex(words[2]));
                default -> throw new IllegalArgumentException("unknown line \"" + words[0] + "\"");
            }
        }

        private void requireFormat(int format) {
            if (format > FORMAT) {
                throw new QueueException(
                        ErrorCode.QUEUE_FORMAT,
                        "the snapshot's ledger has format " + format + ", this version reads up to " + FORMAT + "; "
                                + from + ". Run the version of pgcdc that wrote it, or a later one.");
            }
        }
    }
}
