package io.pgcdc.race;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A race over a few changes: all start, read the same, and are written down. What it took them is not looked at. */
class RaceIT {

    private static final Path ROOT = Path.of(System.getProperty("pgcdc.root"));

    @TempDir
    Path out;

    /** The launcher builds when it finds no mark of a build; here the build has just come past the packages it looks for. */
    private static void markAsBuilt() throws IOException {
        Files.writeString(ROOT.resolve("cdc-cli/target/dist/built"), "");
    }

    private void race(String... arguments) throws IOException {
        markAsBuilt();
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--rounds", "1", "--idle-seconds", "1"));
        all.addAll(List.of("--cdc", ROOT.resolve("cdc").toString(), "--out", out.toString()));
        assertEquals(0, Race.commandLine().execute(all.toArray(new String[0])));
    }

    @Test
    void startsAndWritesDownWhatItRead() throws Exception {
        race("--workload", "narrow", "--contestant", "cdc,reader", "--scale", "0.002", "--beat-seconds", "0");
        String page = Files.readString(out.resolve("race.md"));
        for (String expected : List.of("narrow:", "| cdc |", "| counting reader |")) {
            assertTrue(page.contains(expected), page);
        }
    }

    @Test
    @Tag("soak")
    void allReadTheSame() throws Exception {
        race("--scale", "0.002", "--beat-seconds", "1");
        String page = Files.readString(out.resolve("race.md"));
        for (String expected : List.of("narrow:", "wide:", "tpcb:", "huge:", "small transactions/s")) {
            assertTrue(page.contains("| " + expected) || page.contains(expected), page);
        }
        for (String contestant : List.of("| cdc |", "| counting reader |", "| Debezium engine |")) {
            assertEquals(5, page.split(java.util.regex.Pattern.quote(contestant), -1).length - 1, page);
        }
        assertEquals(
                "svg",
                DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(out.resolve("race.svg").toFile())
                        .getDocumentElement()
                        .getTagName());
    }

    @Test
    @Tag("soak")
    void ofManyTablesAndSinks() throws Exception {
        race(
                "--workload",
                "tables10,tables1000",
                "--contestant",
                "cdc,cdc4,cdc-metrics",
                "--scale",
                "0.01",
                "--beat-seconds",
                "0");
        String page = Files.readString(out.resolve("race.md"));
        assertEquals(2, page.split("cdc, 4 sinks \\|", -1).length - 1, page);
    }

    @Test
    @Tag("soak")
    void snapshotsReadTheSame() throws Exception {
        markAsBuilt();
        assertEquals(
                0,
                SnapshotSpeed.commandLine()
                        .execute(
                                "--rows",
                                "2000",
                                "--rounds",
                                "1",
                                "--cdc",
                                ROOT.resolve("cdc").toString(),
                                "--out",
                                out.toString()));
        String page = Files.readString(out.resolve("snapshots.md"));
        for (String contestant : List.of("| counting reader |", "| cdc, one connection |", "| Debezium engine |")) {
            assertTrue(page.contains(contestant), page);
        }
    }

    @Test
    void badArgumentsAreNamed() {
        assertEquals(2, SnapshotSpeed.commandLine().execute("--contestant", "none"));
        assertEquals(2, SnapshotSpeed.commandLine().execute("--rows", "0"));
        assertEquals(2, Race.commandLine().execute("--workload", "none"));
        assertEquals(2, Race.commandLine().execute("--contestant", "none"));
        assertEquals(2, Race.commandLine().execute("--server", "localhost"));
        assertEquals(2, Race.commandLine().execute("--rounds", "0"));
    }
}
