package io.pgcdc.guard;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The disk with the primary's WAL, if this process runs on the primary's machine and may read its data directory. PostgreSQL itself does not
 * say how much of its disk is free.
 */
final class PrimaryDisk {

    /** The file begins with the system identifier (PostgreSQL source, pg_control.h), in the machine's byte order. */
    private static final String CONTROL_FILE = "global/pg_control";

    private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "::1");

    private final Path wal;

    private PrimaryDisk(Path wal) {
        this.wal = wal;
    }

    /**
     * Returns the disk, or null if it cannot be seen from here.
     *
     * @param host of the connection; a port of this machine may lead to another one, so the directory must also be that of the cluster
     * @param directory the server's data_directory
     * @param identifier the server's system identifier
     */
    static @Nullable PrimaryDisk find(String host, String directory, long identifier) {
        if (!host.startsWith("/") && !LOCAL.contains(host)) {
            return null;
        }
        try {
            Path data = Path.of(directory);
            Path wal = data.resolve("pg_wal");
            return Files.isDirectory(wal) && identifier(data.resolve(CONTROL_FILE)) == identifier
                    ? new PrimaryDisk(wal)
                    : null;
        } catch (IOException | InvalidPathException e) {
            return null;
        }
    }

    private static long identifier(Path control) throws IOException {
        try (InputStream in = Files.newInputStream(control)) {
            byte[] first = in.readNBytes(Long.BYTES);
            return first.length < Long.BYTES
                    ? 0
                    : ByteBuffer.wrap(first).order(ByteOrder.nativeOrder()).getLong();
        }
    }

    /** Returns the bytes that the server may still use on the disk; null: not known now. */
    @Nullable
    Long freeBytes() {
        try {
            long free = Files.getFileStore(wal).getUsableSpace();
            return free > 0 ? free : null;
        } catch (IOException e) {
            return null;
        }
    }
}
