package io.pgcdc.queue.disk;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/**
 * Whether a directory lies on a disk of this machine. Over a network, mapped files may fault at any moment, locks may not hold, and a
 * force may return before another machine's disk has the bytes.
 */
public final class LocalDisk {

    private static final Set<String> NETWORK = Set.of(
            "nfs",
            "nfs3",
            "nfs4",
            "cifs",
            "smb",
            "smb2",
            "smb3",
            "smbfs",
            "ncpfs",
            "afs",
            "9p",
            "ceph",
            "lustre",
            "glusterfs",
            "beegfs",
            "gpfs",
            "ocfs2",
            "gfs2",
            "afpfs",
            "webdav",
            "davfs",
            "sshfs");

    private LocalDisk() {}

    /** @throws QueueException QUEUE_NETWORK_FS */
    public static void require(Path directory) {
        try {
            String type = Files.getFileStore(directory).type();
            if (isNetwork(type)) {
                throw new QueueException(
                        ErrorCode.QUEUE_NETWORK_FS,
                        "queue directory lies on a network file system (" + type
                                + "), where neither locks nor syncs are certain; "
                                + directory
                                + ". Choose a local disk for --queue-dir, or set queue.allow_network_fs: true if it keeps its word.");
            }
        } catch (IOException e) {
            throw SegmentFile.io("has a file system that cannot be read", directory, e);
        }
    }

    /** By the kernel's name of the file system; one in user space says behind a dot what it is. */
    static boolean isNetwork(String type) {
        String name = type.toLowerCase(Locale.ROOT);
        return NETWORK.contains(name.startsWith("fuse.") ? name.substring(5) : name);
    }

    /** Bytes that this process may still write to the disk of a file or directory. */
    public static long freeBytes(Path path) {
        try {
            return Files.getFileStore(path).getUsableSpace();
        } catch (IOException e) {
            throw SegmentFile.io("the free space of its disk cannot be read", path, e);
        }
    }
}
