package io.pgcdc.queue.disk;

import io.pgcdc.error.CdcException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.Finding;
import io.pgcdc.error.QueueException;
import io.pgcdc.error.Remedy;
import io.pgcdc.queue.QueueConfig;
import io.pgcdc.queue.QueueIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks that a run could use the queue's directory. Changes nothing, and takes no lock. */
public final class DirectoryCheck {

    private static final long MB = 1 << 20;

    private DirectoryCheck() {}

    /**
     * Returns the findings.
     *
     * @param source what the queue would be made from; null: not known
     */
    public static List<Finding> inspect(QueueConfig config, @Nullable QueueIdentity source) {
        Path directory = config.dir().toAbsolutePath().normalize();
        List<Finding> findings = new ArrayList<>();
        try {
            Path existing = existing(directory);
            if (existing.equals(directory)) {
                QueueDirectory.check(directory, QueueDirectory.exists(directory));
            } else if (!Files.isDirectory(existing) || !Files.isWritable(existing)) {
                throw QueueDirectory.unusable(directory, "cannot be created in " + existing, null);
            }
            if (!config.allowNetworkFs()) {
                LocalDisk.require(existing);
            }
            long free = LocalDisk.freeBytes(existing);
            if (free < config.minFreeBytes()) {
                findings.add(Finding.warning(
                        ErrorCode.QUEUE_SPACE_LOW,
                        "the queue's disk has " + free / MB + " MB free, less than queue.min_free_bytes ("
                                + config.minFreeBytes() / MB + " MB): pgcdc would not read",
                        directory.toString(),
                        Remedy.command(
                                "Make room, for example with what this finds",
                                "du -xh " + existing + " | sort -h | tail")));
            }
            if (QueueDirectory.exists(directory)) {
                queue(directory, source);
            }
        } catch (QueueException e) {
            findings.add(elsewhere(e, directory));
        } catch (IOException e) {
            findings.add(
                    elsewhere(QueueDirectory.unusable(directory, "cannot be read: " + e.getMessage(), e), directory));
        }
        return findings;
    }

    /** @throws QueueException the queue there cannot be used */
    private static void queue(Path directory, @Nullable QueueIdentity source) {
        QueueView view = QueueView.open(directory);
        Long user = view.user();
        if (user != null) {
            throw DirectoryLock.inUse(directory, user.toString());
        }
        if (source != null && !view.identity().sameSource(source)) {
            throw QueueDirectory.otherSource(directory, view.identity(), source);
        }
    }

    /** Returns the directory, or the nearest one above it that exists. */
    private static Path existing(Path directory) {
        Path at = directory;
        while (!Files.exists(at) && at.getParent() != null) {
            at = at.getParent();
        }
        return at;
    }

    private static Finding elsewhere(CdcException e, Path directory) {
        Finding finding = e.findings().get(0);
        // below a file nothing can be created
        Path existing = existing(directory);
        String other = unused(Files.isDirectory(existing) ? directory : existing)
                .toString()
                .replace("'", "''");
        return finding.with(Remedy.config(finding.remedy().words(), "queue.dir: '" + other + "'"));
    }

    private static Path unused(Path directory) {
        for (int i = 2; ; i++) {
            Path other = directory.resolveSibling(directory.getFileName() + "_" + i);
            if (!Files.exists(other)) {
                return other;
            }
        }
    }
}
