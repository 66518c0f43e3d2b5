package io.pgcdc.queue.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.QueueException;
import io.pgcdc.queue.SegmentStore;
import io.pgcdc.queue.TestSegments;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChronicleJvmFlagsTest {

    @TempDir
    Path directory;

    static final class OpenStore {
        public static void main(String[] arguments) {
            try (ChronicleSegmentStore store =
                    ChronicleSegmentStore.open(Path.of(arguments[0]), 1 << 20, SegmentStore.NONE)) {
                store.append(TestSegments.whole(1, 10));
                store.sync();
                System.out.println("stored");
            } catch (QueueException e) {
                System.out.println(e.describe());
            }
        }
    }

    private String run(List<String> flags) throws Exception {
        Process child = ChildJvm.command(flags, OpenStore.class, directory.toString())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader out = child.inputReader(StandardCharsets.UTF_8)) {
            String all = out.lines().reduce("", (a, b) -> a + b);
            assertTrue(child.waitFor(30, TimeUnit.SECONDS));
            return all;
        }
    }

    @Test
    void missingFlagsAreNamed() throws Exception {
        String said = run(List.of("--add-exports", "java.base/jdk.internal.ref=ALL-UNNAMED"));
        assertTrue(said.startsWith("CDC-407 "), said);
        assertTrue(said.contains("--add-exports=java.base/sun.nio.ch=ALL-UNNAMED"), said);
        assertTrue(said.contains("--add-opens=java.base/java.lang.reflect=ALL-UNNAMED"), said);
        assertTrue(said.contains("io/pgcdc/queue/disk/jvm.args in the jar of cdc-engine"), said);
        assertTrue(!said.contains("jdk.internal.ref"), said);
    }

    /** pgcdc itself switches off Chronicle's announcement and its usage report, without flags of the command line. */
    @Test
    void theFlagsFileSufficesAndChroniclePrintsNothing() throws Exception {
        Path files = Path.of("..", "cdc-engine", "src", "main", "resources", "io", "pgcdc", "queue", "disk");
        List<String> flags = new ArrayList<>(List.of("@" + files.resolve("jvm.args")));
        if (Runtime.version().feature() >= 24) {
            flags.add("@" + files.resolve("jvm-24.args"));
        }
        assertEquals("stored", run(flags));
    }
}
