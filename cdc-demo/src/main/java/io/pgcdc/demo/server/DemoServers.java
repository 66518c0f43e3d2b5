package io.pgcdc.demo.server;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.servers.UnsafeDirectoryException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Starts a demo's servers, and removes what it made. */
public final class DemoServers {

    private DemoServers() {}

    /**
     * Starts a server.
     *
     * @throws SourceException MACHINE_DIRECTORY_UNSAFE, MACHINE_SERVER_FAILED
     */
    public static <T> T started(Supplier<T> server) {
        try {
            return server.get();
        } catch (UncheckedIOException e) {
            Throwable failure = e.getCause();
            String cause = failure == null ? "" : String.valueOf(failure.getMessage());
            throw failure instanceof UnsafeDirectoryException
                    ? new SourceException(ErrorCode.MACHINE_DIRECTORY_UNSAFE, cause, e)
                    : new SourceException(
                            ErrorCode.MACHINE_SERVER_FAILED,
                            e.getMessage() + ": " + cause.strip()
                                    + ". It needs free space and write permission in ~/.cache (or XDG_CACHE_HOME) and "
                                    + System.getProperty("java.io.tmpdir") + ". Details: --verbose.",
                            e);
        }
    }

    /** Deletes a directory with everything in it. */
    public static void delete(Path directory) {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
