package io.pgcdc.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One source gives one archive, and one Debian package, wherever it is built. */
@Tag("soak")
class ReproducibleBuildIT {

    private static final Set<String> NO_SOURCES = Set.of("target", ".git", "queue", "plugins");

    @TempDir
    Path directory;

    @Test
    void twoBuildsInTwoFoldersGiveTheSameBytes() throws Exception {
        List<String> one = build("one", Map.of("TZ", "UTC", "LC_ALL", "C.UTF-8"));
        List<String> other = build("a/deeper folder/other", Map.of("TZ", "Asia/Tokyo", "LC_ALL", "C"));
        assertEquals(one, other);
    }

    /** Copies the sources, builds them, and returns name and SHA-256 of each file that users get. */
    private List<String> build(String name, Map<String, String> environment) throws Exception {
        Path tree = directory.resolve(name);
        copy(Archive.root(), tree);
        List<String> command =
                new ArrayList<>(List.of(tree.resolve("mvnw").toString(), "-f", tree.toString(), "-B", "-q"));
        String repository = System.getProperty("maven.repo.local");
        if (repository != null) {
            command.add("-Dmaven.repo.local=" + repository);
        }
        command.addAll(List.of(
                "-Prelease",
                "-pl",
                "cdc-dist",
                "-am",
                "-Dmaven.test.skip",
                "-Dspotless.check.skip",
                "-Dpostgres.binaries.skip",
                "package"));
        Archive.run(environment, command);
        List<String> hashes = new ArrayList<>();
        for (String end : List.of(".tar.gz", ".deb")) {
            Path file = Archive.built(tree, "pgcdc", end);
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
            hashes.add(file.getFileName() + " " + HexFormat.of().formatHex(hash));
        }
        return hashes;
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                String name = folder.getFileName().toString();
                boolean code = folder.toString().contains("/src/");
                if (!code && (NO_SOURCES.contains(name) || name.startsWith(".race-"))) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                Files.createDirectories(to.resolve(from.relativize(folder)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!file.getFileName().toString().equals(".git")) {
                    Files.copy(file, to.resolve(from.relativize(file)));
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
