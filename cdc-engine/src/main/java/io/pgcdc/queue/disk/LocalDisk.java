package io.pgcdc.queue.disk;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/**
 * Tells whether a directory is on a disk of this machine. Over a network, mapped files can fault at any moment, locks can fail, and
 * a force can return before the other machine's disk has the bytes.
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
                                + "), where locks and syncs may not work; "
                                + directory
                                + ". Choose a local disk for --queue-dir, or set queue.allow_network_fs: true if its locks and"
                                + " syncs are reliable.");
            }
        } catch (IOException e) {
            throw SegmentFile.io("has a file system whose type cannot be read", directory, e);
        }
    }

    /** Judges by the kernel's name of the file system. For one in user space, the text after a dot is its kind. */
    static boolean isNetwork(String type) {
        String name = type.toLowerCase(Locale.ROOT);
        return NETWORK.contains(name.startsWith("fuse.") ? name.substring(5) : name);
    }

    /** Returns how many bytes this process may still write to the disk of a file or directory. */
    public static long freeBytes(Path path) {
        try {
            return Files.getFileStore(path).getUsableSpace();
        } catch (IOException e) {
            throw SegmentFile.io("the free space of its disk cannot be read", path, e);
        }
    }
}
