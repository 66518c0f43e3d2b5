package io.pgcdc.queue.disk;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import io.pgcdc.queue.CaptureCheckpoint;
import io.pgcdc.queue.ConfirmLog;
import io.pgcdc.queue.DeadLetterLog;
import io.pgcdc.queue.GapLog;
import io.pgcdc.queue.Layouts;
import io.pgcdc.queue.LedgerFile;
import io.pgcdc.queue.LedgerFiles;
import io.pgcdc.queue.QueueIdentity;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of a queue, locked for this process while it is open. {@code docs/reference/queue-format.md} describes its files. A directory
 * that fails the checks is left unchanged.
 *
 * <p>Open it, compare it with the server through {@link #bind}, then open its parts. Belongs to the thread that starts and stops.
 */
public final class QueueDirectory implements AutoCloseable {

    static final String LOCK = "lock";

    /** The directory of the control socket, which exists while a process runs. */
    private static final String CONTROL = "control";

    static final String IDENTITY = "identity";
    static final String SEGMENTS = "segments";
    static final String RELATIONS = "relations";
    private static final Logger LOG = LoggerFactory.getLogger(QueueDirectory.class);

    static final String CHECKPOINTS = "checkpoints";
    static final String CAPTURE = "capture";
    static final String SINK_SUFFIX = ".ckpt";
    static final String DEAD_LETTERS = "dead-letters";
    static final String DEAD_LETTERS_SUFFIX = ".jsonl";
    static final String GAPS = "gaps";
    private static final String IDENTITY_TEMPORARY = "identity.tmp";
    private static final Pattern SINK_NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    private final Path directory;
    private final DirectoryLock lock;
    private final List<Path> created;
    private @Nullable QueueIdentity identity;

    private QueueDirectory(Path directory, DirectoryLock lock, List<Path> created, @Nullable QueueIdentity identity) {
        this.directory = directory;
        this.lock = lock;
        this.created = created;
        this.identity = identity;
    }

    /**
     * Locks the directory. Creates it if it does not exist.
     *
     * @throws QueueException QUEUE_DIRECTORY_UNUSABLE, QUEUE_LOCKED, QUEUE_FORMAT, QUEUE_DAMAGED
     */
    public static QueueDirectory open(Path path) {
        Path directory = path.toAbsolutePath().normalize();
        List<Path> created = new ArrayList<>();
        @Nullable DirectoryLock lock = null;
        try {
            boolean ours = Files.isRegularFile(directory.resolve(IDENTITY));
            check(directory, ours);
            createDirectories(directory, created);
            Path lockFile = directory.resolve(LOCK);
            if (!Files.exists(lockFile)) {
                created.add(lockFile);
            }
            lock = DirectoryLock.acquire(lockFile);
            @Nullable QueueIdentity identity = readIdentity(directory.resolve(IDENTITY));
            return new QueueDirectory(directory, lock, created, identity);
        } catch (IOException e) {
            undo(lock, created);
            throw unusable(directory, "cannot be used: " + reason(e), e);
        } catch (QueueException e) {
            // a lock file that another process holds must not be deleted here
            undo(lock, lock == null ? List.of() : created);
            throw e;
        }
    }

    /** Returns whether the directory has a queue. */
    public static boolean exists(Path path) {
        return Files.isRegularFile(path.resolve(IDENTITY));
    }

    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof NoSuchFileException) {
            return "it cannot be created there";
        }
        String said = e instanceof FileSystemException f && f.getReason() != null ? f.getReason() : e.getMessage();
        return String.valueOf(said);
    }

    /** @param ours true if it may hold other files: those of a queue */
    static void check(Path directory, boolean ours) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        if (!Files.isDirectory(directory)) {
            throw unusable(directory, "is not a directory", null);
        }
        if (!Files.isWritable(directory)) {
            throw unusable(directory, "cannot be written by this user", null);
        }
        DirectoryOwner.require(directory, ours);
        // a process that was killed before it wrote the identity may leave these
        Set<String> unfinished = Set.of(LOCK, IDENTITY_TEMPORARY, CONTROL);
        try (Stream<Path> entries = Files.list(directory)) {
            List<String> foreign = entries.map(p -> String.valueOf(p.getFileName()))
                    .filter(name -> !ours && !unfinished.contains(name))
                    .sorted()
                    .toList();
            if (!foreign.isEmpty()) {
                throw unusable(directory, "holds files that are not a queue's (\"" + foreign.get(0) + "\")", null);
            }
        }
    }

    private static void createDirectories(Path directory, List<Path> created) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        Path parent = directory.getParent();
        if (parent != null) {
            createDirectories(parent, created);
        }
        try {
            DurableFiles.createDirectory(directory);
            created.add(directory);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory)) { // else another pipeline, whose queue has the same parent, was faster
                throw e;
            }
        }
    }

    private static @Nullable QueueIdentity readIdentity(Path file) throws IOException {
        return Files.exists(file) ? QueueIdentity.decode(Files.readAllBytes(file), file) : null;
    }

    /** Returns the identity, or null until a new queue is bound. */
    public @Nullable QueueIdentity identity() {
        return identity;
    }

    /**
     * Gives a new queue its identity, or compares an existing queue's identity with the server's.
     *
     * @return the stored identity, with the stored timeline, which the caller judges
     * @throws QueueException QUEUE_OTHER_SOURCE if the queue holds another stream
     */
    public QueueIdentity bind(QueueIdentity source) {
        QueueIdentity stored = identity;
        if (stored == null) {
            write(source);
            return source;
        }
        if (!stored.sameSource(source)) {
            throw otherSource(directory, stored, source);
        }
        return stored;
    }

    static QueueException otherSource(Path directory, QueueIdentity stored, QueueIdentity source) {
        return new QueueException(
                ErrorCode.QUEUE_OTHER_SOURCE,
                "queue was made from " + stored.describe() + ", but the source is now " + source.describe() + "; "
                        + directory + ". Choose another --queue-dir for this source, or point --source and --slot"
                        + " at the source of this queue." + lacking(directory));
    }

    /** Returns a sentence about the sinks that lack changes of this queue. A position of the last checkpoint may be an older one. */
    private static String lacking(Path directory) {
        String sinks;
        try {
            QueueView view = QueueView.open(directory);
            CaptureCheckpoint end = view.capture();
            sinks = view.sinks().entrySet().stream()
                    .filter(sink -> end != null && sink.getValue().nextIndex() <= end.index())
                    .map(Map.Entry::getKey)
                    .collect(Collectors.joining(", "));
        } catch (QueueException e) {
            LOG.debug("what the sinks lack is not known", e); // the other source is what matters
            return "";
        }
        return sinks.isEmpty()
                ? ""
                : " This queue holds changes that " + sinks
                        + " has not got: only a run at the old source delivers them.";
    }

    /** Stores the timeline of the WAL that is received from now on. */
    public void changeTimeline(int timeline) {
        QueueIdentity stored = identity;
        if (stored == null) {
            throw new IllegalStateException("queue has no identity yet");
        }
        write(stored.withTimeline(timeline));
    }

    private void write(QueueIdentity newIdentity) {
        Path file = directory.resolve(IDENTITY);
        try {
            DurableFiles.write(file, newIdentity.encode());
        } catch (IOException e) {
            throw SegmentFile.io("cannot be written", file, e);
        }
        identity = newIdentity;
        created.clear();
    }

    public Path path() {
        return directory;
    }

    /** Returns the directory of the {@link ChronicleSegmentStore}'s files. Creates it if it does not exist. */
    public Path segments() {
        return subdirectory(SEGMENTS);
    }

    /** Returns the file of the {@link Layouts}. */
    public Path relations() {
        requireBound();
        return directory.resolve(RELATIONS);
    }

    /** Returns the log of accepted gaps. */
    public GapLog gaps() {
        requireBound();
        return new GapFile(directory.resolve(GAPS));
    }

    /** Returns the log of the switches of {@code confirm: auto}. */
    public ConfirmLog confirms() {
        requireBound();
        return new ConfirmFile(directory.resolve("confirm"));
    }

    /** Returns the text of the snapshot's ledger. */
    public LedgerFile ledger() {
        requireBound();
        return new CheckedTextFile(directory.resolve("snapshot"));
    }

    /** Returns the ledgers of the snapshots that were ordered during a run. */
    public LedgerFiles orderedSnapshots() {
        requireBound();
        return new LedgerDirectory(directory.resolve("snapshots"));
    }

    /** Returns the file of capture's {@link CheckpointFile}. */
    public Path captureCheckpoint() {
        return subdirectory(CHECKPOINTS).resolve(CAPTURE);
    }

    /**
     * Returns the file of a sink's {@link CheckpointFile}.
     *
     * @throws IllegalArgumentException unless the name is 1 to 64 letters, digits, {@code _} or {@code -}
     */
    public Path sinkCheckpoint(String sink) {
        requireName(sink);
        return subdirectory(CHECKPOINTS).resolve(sink + SINK_SUFFIX);
    }

    /**
     * Returns the directory of a sink's own files. The queue may not exist yet. The sink creates the directory.
     *
     * @param queue as given to {@link #open}
     * @throws IllegalArgumentException like {@link #sinkCheckpoint}
     */
    public static Path sinkFiles(Path queue, String sink) {
        requireName(sink);
        return queue.toAbsolutePath().normalize().resolve("sinks").resolve(sink);
    }

    private static void requireName(String sink) {
        if (!SINK_NAME.matcher(sink).matches()) {
            throw new IllegalArgumentException("sink name must be 1 to 64 letters, digits, _ or -: " + sink);
        }
    }

    /** Returns the names of the sinks that have a checkpoint. */
    public List<String> sinks() {
        String end = ".ckpt";
        try (Stream<Path> files = Files.list(subdirectory("checkpoints"))) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(end))
                    .map(name -> name.substring(0, name.length() - end.length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw SegmentFile.io("cannot be read", directory, e);
        }
    }

    /**
     * Deletes a sink's checkpoint, durably: under this name it is a new sink.
     *
     * @throws IllegalArgumentException like {@link #sinkCheckpoint}
     */
    public void forgetSink(String sink) {
        Path file = sinkCheckpoint(sink);
        try {
            Files.deleteIfExists(file);
            DurableFiles.forceDirectory(file.resolveSibling(""));
        } catch (IOException e) {
            throw SegmentFile.io("cannot be deleted", file, e);
        }
    }

    /** Replaces the lines of a sink's refused changes, durably. Without lines the file is deleted. No run may use the queue. */
    public void replaceDeadLetters(String sink, byte[] lines) {
        requireBound();
        requireName(sink);
        Path file = directory.resolve("dead-letters").resolve(sink + ".jsonl");
        try {
            if (lines.length > 0) {
                DurableFiles.write(file, lines);
            } else {
                Files.deleteIfExists(file);
                DurableFiles.forceDirectory(file.resolveSibling(""));
            }
        } catch (IOException e) {
            throw SegmentFile.io("cannot be written", file, e);
        }
    }

    /** Returns the log of a sink's refused changes. */
    public DeadLetterLog deadLetters(String sink) {
        requireBound();
        return new DeadLetterFile(directory.resolve(DEAD_LETTERS).resolve(sink + DEAD_LETTERS_SUFFIX));
    }

    private Path subdirectory(String name) {
        requireBound();
        Path path = directory.resolve(name);
        try {
            if (!Files.isDirectory(path)) {
                DurableFiles.createDirectory(path);
            }
            return path;
        } catch (IOException e) {
            throw SegmentFile.io("cannot be created", path, e);
        }
    }

    private void requireBound() {
        if (identity == null) {
            throw new IllegalStateException("queue has no identity yet");
        }
    }

    /** Releases the lock. Removes a directory that was created and never bound. */
    @Override
    public void close() {
        undo(lock, created);
        created.clear();
    }

    private static void undo(@Nullable DirectoryLock lock, List<Path> created) {
        try {
            for (int i = created.size() - 1; i >= 0; i--) {
                try {
                    Files.deleteIfExists(created.get(i));
                } catch (DirectoryNotEmptyException e) {
                    break; // another pipeline's queue is there, too
                }
            }
            if (lock != null) {
                lock.close();
            }
        } catch (IOException e) {
            throw unusable(Path.of("queue directory"), "cannot be closed: " + e, e);
        }
    }

    static QueueException unusable(Path directory, String what, @Nullable IOException cause) {
        return new QueueException(
                ErrorCode.QUEUE_DIRECTORY_UNUSABLE,
                "queue directory " + what + "; " + directory
                        + ". Choose another --queue-dir that is empty or does not exist yet, or make it writable.",
                cause);
    }
}
