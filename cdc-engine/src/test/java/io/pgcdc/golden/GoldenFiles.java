package io.pgcdc.golden;

import io.pgcdc.servers.PgServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The folder with the triples: {@code <fixture>.sql}, and for each server version {@code <version>/<fixture>.wal} and {@code .json}.
 */
public final class GoldenFiles {

    private final Path folder;

    public GoldenFiles(Path folder) {
        this.folder = folder;
    }

    /** All fixtures, by name. */
    public List<GoldenFixture> fixtures() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> scripts =
                    files.filter(f -> f.toString().endsWith(".sql")).sorted().toList();
            List<GoldenFixture> fixtures = new java.util.ArrayList<>();
            for (Path script : scripts) {
                fixtures.add(GoldenFixture.parse(nameOf(script), Files.readString(script)));
            }
            return fixtures;
        }
    }

    /** Names of the captures of a version, each with its ending. */
    public List<String> recorded(int version) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(String.valueOf(version)))) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    public GoldenCapture capture(int version, String fixture) throws IOException {
        return GoldenCapture.parse(Files.readString(file(version, fixture, ".wal")));
    }

    /** The change records that the capture becomes, a line each. */
    public String json(int version, String fixture) throws IOException {
        return Files.readString(file(version, fixture, ".json"));
    }

    /**
     * Records the fixture anew and writes what it becomes. A capture that says the same as the one that is there leaves that one as
     * it is, so that a difference means something.
     */
    public void record(PgServer server, GoldenFixture fixture) throws IOException, SQLException {
        int version = server.majorVersion();
        GoldenCapture capture = GoldenRecorder.record(server, fixture);
        Path wal = file(version, fixture.name(), ".wal");
        Files.createDirectories(Objects.requireNonNull(wal.getParent()));
        if (Files.exists(wal)) {
            GoldenCapture before = capture(version, fixture.name());
            if (StableForm.of(before).equals(StableForm.of(capture))) {
                capture = before;
            }
        }
        Files.writeString(wal, capture.toText("PostgreSQL " + version + ", " + fixture.name() + ".sql"));
        Files.writeString(
                file(version, fixture.name(), ".json"),
                GoldenSegments.of(capture).nativeLines());
    }

    private Path file(int version, String fixture, String ending) {
        return folder.resolve(String.valueOf(version)).resolve(fixture + ending);
    }

    private static String nameOf(Path script) {
        String file = script.getFileName().toString();
        return file.substring(0, file.length() - ".sql".length());
    }
}
