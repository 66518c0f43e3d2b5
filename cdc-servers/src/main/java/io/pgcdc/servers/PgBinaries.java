package io.pgcdc.servers;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import io.zonky.test.db.postgres.embedded.PgBinaryResolver;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Finds the archive with a version's binaries. Five versions of one artifact cannot be on one class path. So the build copies them,
 * as {@code 14.jar} … {@code 18.jar}, to the folder in the system property {@value #FOLDER_PROPERTY}. Without that property the
 * version on the class path is used.
 */
final class PgBinaries {

    static final String FOLDER_PROPERTY = "pgcdc.postgres.binaries";

    private PgBinaries() {}

    static PgBinaryResolver of(int majorVersion) {
        String folder = System.getProperty(FOLDER_PROPERTY);
        if (folder == null) {
            return DefaultPostgresBinaryResolver.INSTANCE;
        }
        Path jar = Path.of(folder, majorVersion + ".jar");
        return (system, machine) -> open(jar);
    }

    private static InputStream open(Path jar) throws IOException {
        if (!Files.exists(jar)) {
            throw new IOException(
                    "no PostgreSQL binaries at " + jar + "; run ./mvnw -pl cdc-servers generate-resources");
        }
        // the stream outlives this method and owns the archive
        ZipFile archive = new ZipFile(jar.toFile());
        ZipEntry entry = archive.stream()
                .filter(e -> e.getName().endsWith(".txz"))
                .findFirst()
                .orElseThrow(() -> new IOException("no .txz in " + jar));
        return new java.io.FilterInputStream(archive.getInputStream(entry)) {
            @Override
            public void close() throws IOException {
                try (archive) {
                    super.close();
                }
            }
        };
    }
}
