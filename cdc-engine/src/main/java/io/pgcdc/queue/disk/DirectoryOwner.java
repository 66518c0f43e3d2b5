package io.pgcdc.queue.disk;

import io.pgcdc.error.QueueException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges who else may change a directory: its files hold rows, and decide what is delivered. Directories of root are accepted, and those that all
 * may write, because volumes of containers are often like that.
 */
final class DirectoryOwner {

    private static final Logger LOG = LoggerFactory.getLogger(DirectoryOwner.class);

    private static final String ROOT = "root";

    /** Belongs to the process's user, on Linux. */
    private static final Path SELF = Path.of("/proc/self");

    private DirectoryOwner() {}

    /**
     * Refuses a directory for a new queue, and warns of one that has a queue: its volume may have come under another number of its user.
     *
     * @throws QueueException QUEUE_DIRECTORY_UNUSABLE: it belongs to another user, who is not root
     */
    static void require(Path directory, boolean hasQueue) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(directory, PosixFileAttributeView.class);
        if (view == null || !Files.exists(SELF)) {
            return;
        }
        PosixFileAttributes attributes = view.readAttributes();
        String foreign =
                foreign(attributes.owner().getName(), Files.getOwner(SELF).getName());
        if (foreign != null && hasQueue) {
            LOG.warn("the queue's directory belongs to {}, who can change what is delivered: {}", foreign, directory);
        } else if (foreign != null) {
            throw QueueDirectory.unusable(
                    directory, "belongs to " + foreign + ", who could change what is delivered", null);
        }
        if (attributes.permissions().contains(PosixFilePermission.OTHERS_WRITE)) {
            LOG.warn("every user of this machine can write into the queue's directory: chmod 700 {}", directory);
        }
    }

    /** Returns the owner if a process of this user should not trust it; root trusts all. */
    static @Nullable String foreign(String owner, String user) {
        return owner.equals(user) || owner.equals(ROOT) || user.equals(ROOT) ? null : owner;
    }
}
