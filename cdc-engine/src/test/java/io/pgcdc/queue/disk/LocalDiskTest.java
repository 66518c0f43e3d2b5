package io.pgcdc.queue.disk;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalDiskTest {

    @ParameterizedTest
    @CsvSource({
        "nfs4, true",
        "cifs, true",
        "fuse.sshfs, true",
        "fuse.glusterfs, true",
        "9p, true",
        "NFS, true",
        "ext4, false",
        "xfs, false",
        "btrfs, false",
        "zfs, false",
        "overlay, false",
        "tmpfs, false",
        "apfs, false",
        "fuse.ntfs-3g, false"
    })
    void networkFileSystemsAreRecognizedByName(String type, boolean network) {
        assertEquals(network, LocalDisk.isNetwork(type));
    }

    @Test
    void theDiskOfThisMachineIsLocal(@TempDir Path directory) {
        assertDoesNotThrow(() -> LocalDisk.require(directory));
    }
}
