package io.pgcdc.queue.disk;

import io.pgcdc.error.QueueException;
import io.pgcdc.queue.SegmentHeader;
import io.pgcdc.queue.SegmentIndex;
import io.pgcdc.queue.SegmentStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files of a {@link ChronicleSegmentStore}. Each time the store begins to append, it creates a new directory, called a run. Its
 * name is the number of its first file. Numbers increase by one through all runs and are never reused. Any thread.
 *
 * <pre>
 *   segments/0000000001/19700101-01F.cq4   file 1
 *   segments/0000000001/19700101-02F.cq4   file 2
 *   segments/0000000003/19700101-03F.cq4   file 3, after a restart
 * </pre>
 *
 * Chronicle names files by hour. Ours encode their number as an hour.
 */
final class SegmentFiles {

    private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern("yyyyMMdd-HH'F.cq4'", Locale.ROOT);
    private static final String SUFFIX = ".cq4";

    private final Path directory;
    private final ConcurrentSkipListMap<Integer, Stored> files = new ConcurrentSkipListMap<>();

    /**
     * A file.
     *
     * @param before bytes of the files before it, back to the first one that was there when the queue was opened
     */
    private record Stored(Path path, long bytes, long before) {

        long end() {
            return before + bytes;
        }
    }

    /** @throws QueueException if the directory cannot be listed, holds foreign files, or a file in the middle is missing */
    SegmentFiles(Path directory) {
        this(directory, false);
    }

    /**
     * Lists the files.
     *
     * @param readOnly takes a missing directory for an empty one, and leaves empty runs; otherwise they are deleted
     */
    SegmentFiles(Path directory, boolean readOnly) {
        this.directory = directory;
        if (readOnly && !Files.isDirectory(directory)) {
            return;
        }
        for (Path run : list(directory)) {
            List<Path> inRun = list(run).stream()
                    .filter(file -> file.toString().endsWith(SUFFIX))
                    .toList();
            inRun.forEach(file -> add(number(file), file));
            if (inRun.isEmpty() && !readOnly) {
                deleteRun(run); // its process ended before it created the first file, or after it deleted the last
            }
        }
        if (!files.isEmpty() && files.size() != lastNumber() - firstNumber() + 1) {
            throw SegmentHeader.damaged(
                    directory,
                    "of the files number " + firstNumber() + " to " + lastNumber() + " only " + files.size()
                            + " exist");
        }
    }

    boolean isEmpty() {
        return files.isEmpty();
    }

    int firstNumber() {
        return files.firstKey();
    }

    int lastNumber() {
        return files.isEmpty() ? 0 : files.lastKey();
    }

    @Nullable
    Path path(int number) {
        Stored stored = files.get(number);
        return stored == null ? null : stored.path;
    }

    void add(int number, Path path) {
        try {
            Map.Entry<Integer, Stored> before = files.lowerEntry(number);
            files.put(
                    number,
                    new Stored(
                            path,
                            Files.size(path),
                            before == null ? 0 : before.getValue().end()));
        } catch (IOException e) {
            throw SegmentFile.io("cannot be read", path, e);
        }
    }

    void bytes(int number, long bytes) {
        files.computeIfPresent(number, (n, stored) -> new Stored(stored.path, bytes, stored.before));
    }

    long storedBytes() {
        long sum = 0;
        for (Stored stored : files.values()) {
            sum += stored.bytes;
        }
        return sum;
    }

    /** See {@link io.pgcdc.queue.SegmentStore#place}. */
    long place(long index) {
        int number = index == SegmentStore.NONE ? 0 : SegmentIndex.file(index);
        Map.Entry<Integer, Stored> file = files.floorEntry(number);
        if (file == null) {
            Map.Entry<Integer, Stored> first = files.firstEntry();
            return first == null ? 0 : first.getValue().before;
        }
        Stored stored = file.getValue();
        return file.getKey() < number
                ? stored.end()
                : stored.before + Math.min(SegmentIndex.offset(index), stored.bytes);
    }

    /** Creates the directory of a run that begins with that file. */
    Path createRun(int firstNumber) {
        Path run = directory.resolve(String.format(Locale.ROOT, "%010d", firstNumber));
        try {
            if (!Files.isDirectory(run)) {
                DurableFiles.createDirectory(run);
            }
            return run;
        } catch (IOException e) {
            throw SegmentFile.io("cannot be created", run, e);
        }
    }

    /** Ends the file at the position, and drops what is after it. */
    void end(int number, long position) {
        Path path = path(number);
        if (path == null) {
            return;
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            ByteBuffer mark = ByteBuffer.allocate(SegmentFile.HEADER_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
            mark.putInt(0, SegmentFile.END_MARK);
            channel.truncate(position);
            while (mark.hasRemaining()) {
                channel.write(mark, position + mark.position());
            }
            bytes(number, position + SegmentFile.HEADER_LENGTH);
        } catch (IOException e) {
            throw SegmentFile.io("cannot be written", path, e);
        }
    }

    void force(int number) {
        Path path = path(number);
        if (path == null) {
            return;
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            channel.force(true);
        } catch (IOException e) {
            throw SegmentFile.io("cannot be forced to disk", path, e);
        }
    }

    /**
     * Deletes the files with smaller numbers, oldest first, while keepBytes bytes remain. Also deletes run directories that become
     * empty.
     */
    synchronized void deleteBefore(int number, long keepBytes) {
        while (!files.isEmpty() && firstNumber() < number) {
            int oldest = firstNumber();
            Stored stored = Objects.requireNonNull(files.get(oldest));
            if (keepBytes > 0 && storedBytes() - stored.bytes < keepBytes) {
                return;
            }
            Path path = stored.path;
            try {
                Files.deleteIfExists(path);
                files.remove(oldest);
                Path run = path.getParent();
                Stored next = files.get(oldest + 1);
                if (run != null && next != null && !run.equals(next.path.getParent())) {
                    deleteRun(run);
                }
            } catch (IOException e) {
                throw SegmentFile.io("cannot be deleted", path, e);
            }
        }
    }

    private static void deleteRun(Path run) {
        try {
            for (Path left : list(run)) {
                Files.delete(left);
            }
            Files.delete(run);
        } catch (IOException e) {
            throw SegmentFile.io("cannot be deleted", run, e);
        }
    }

    private static int number(Path file) {
        try {
            LocalDateTime hour = LocalDateTime.parse(String.valueOf(file.getFileName()), NAME);
            long number = hour.toEpochSecond(ZoneOffset.UTC) / 3600;
            if (number >= 1 && number <= SegmentIndex.MAX_FILE) {
                return (int) number;
            }
        } catch (DateTimeParseException e) {
            // the error follows below
        }
        throw SegmentHeader.damaged(file, "its name is not one of a queue file");
    }

    private static List<Path> list(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.sorted().toList();
        } catch (IOException e) {
            throw SegmentFile.io("cannot be listed", directory, e);
        }
    }

    @Override
    public String toString() {
        return directory.toString();
    }
}
