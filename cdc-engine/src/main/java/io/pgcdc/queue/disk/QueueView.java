package io.pgcdc.queue.disk;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import io.pgcdc.queue.CaptureCheckpoint;
import io.pgcdc.queue.Layouts;
import io.pgcdc.queue.QueueIdentity;
import io.pgcdc.queue.SegmentReader;
import io.pgcdc.queue.SinkCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A queue's directory, read without its lock and without changing it. A pipeline may run on it: each method then tells what the files hold at that
 * moment. Any thread.
 */
public final class QueueView {

    private final Path directory;
    private final QueueIdentity identity;

    private QueueView(Path directory, QueueIdentity identity) {
        this.directory = directory;
        this.identity = identity;
    }

    /**
     * Opens the directory.
     *
     * @throws QueueException QUEUE_DIRECTORY_UNUSABLE: it is not a queue's, or cannot be read; QUEUE_DAMAGED, QUEUE_FORMAT
     */
    public static QueueView open(Path path) {
        Path directory = path.toAbsolutePath().normalize();
        Path file = directory.resolve(QueueDirectory.IDENTITY);
        try {
            if (!Files.exists(file)) {
                throw new QueueException(
                        ErrorCode.QUEUE_DIRECTORY_UNUSABLE,
                        "there is no queue in " + directory
                                + ". Name the queue's directory with --queue-dir, or a configuration with -c.");
            }
            return new QueueView(directory, QueueIdentity.decode(Files.readAllBytes(file), file));
        } catch (IOException e) {
            throw SegmentFile.io("cannot be read", file, e);
        }
    }

    public Path directory() {
        return directory;
    }

    public QueueIdentity identity() {
        return identity;
    }

    /** Returns the process that has the queue; null: none. */
    public @Nullable Long user() {
        Path lock = directory.resolve(QueueDirectory.LOCK);
        try {
            if (DirectoryLock.isHeldHere(lock)) {
                return ProcessHandle.current().pid();
            }
            long pid = Long.parseLong(Files.readString(lock).strip());
            return ProcessHandle.of(pid).isPresent() ? pid : null;
        } catch (NumberFormatException e) {
            return null; // nobody has it, or the number is being written
        } catch (IOException e) {
            throw SegmentFile.io("cannot be read", lock, e);
        }
    }

    /** Returns capture's checkpoint; null: the first start has not come so far. */
    public @Nullable CaptureCheckpoint capture() {
        return CheckpointFile.peek(checkpoints().resolve(QueueDirectory.CAPTURE), CaptureCheckpoint.LAYOUT);
    }

    /** Returns the sinks' checkpoints by name, also those of sinks that are no longer configured. */
    public Map<String, SinkCheckpoint> sinks() {
        Map<String, SinkCheckpoint> sinks = new TreeMap<>();
        for (Path file : list(checkpoints(), QueueDirectory.SINK_SUFFIX)) {
            SinkCheckpoint checkpoint = CheckpointFile.peek(file, SinkCheckpoint.LAYOUT);
            if (checkpoint != null) {
                sinks.put(name(file, QueueDirectory.SINK_SUFFIX), checkpoint);
            }
        }
        return sinks;
    }

    /** Returns the number of refused changes by sink; a sink without any may be missing. */
    public Map<String, Long> deadLetters() {
        Map<String, Long> counts = new TreeMap<>();
        for (Path file : list(directory.resolve(QueueDirectory.DEAD_LETTERS), QueueDirectory.DEAD_LETTERS_SUFFIX)) {
            try (Stream<String> lines = Files.lines(file)) {
                counts.put(name(file, QueueDirectory.DEAD_LETTERS_SUFFIX), lines.count());
            } catch (IOException e) {
                throw SegmentFile.io("cannot be read", file, e);
            }
        }
        return counts;
    }

    /** Returns the gaps that a person accepted, a line each. */
    public List<String> gaps() {
        return new GapFile(directory.resolve(QueueDirectory.GAPS)).lines();
    }

    /** Returns the layouts that tables had. The caller closes them, and does not add any. */
    public Layouts layouts() {
        return Layouts.open(LayoutFile.openReadOnly(directory.resolve(QueueDirectory.RELATIONS)));
    }

    /** Returns the bytes of the stored changes. */
    public long storedBytes() {
        return files().storedBytes();
    }

    /** Returns the free bytes on the queue's disk. */
    public long freeBytes() {
        return LocalDisk.freeBytes(directory);
    }

    /**
     * Returns a reader of the segments that are there now. Unlike a sink's, it also reads segments that are not on disk yet.
     *
     * @param from index of a segment, or one more than that; {@link io.pgcdc.queue.SegmentStore#NONE}, or an index that is no longer there: from
     *     the beginning
     */
    public SegmentReader reader(long from) {
        return new ViewReader(files(), from);
    }

    private SegmentFiles files() {
        return new SegmentFiles(directory.resolve(QueueDirectory.SEGMENTS), true);
    }

    private Path checkpoints() {
        return directory.resolve(QueueDirectory.CHECKPOINTS);
    }

    private static String name(Path file, String suffix) {
        String name = String.valueOf(file.getFileName());
        return name.substring(0, name.length() - suffix.length());
    }

    private static List<Path> list(Path of, String suffix) {
        if (!Files.isDirectory(of)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(of)) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw SegmentFile.io("cannot be read", of, e);
        }
    }
}
