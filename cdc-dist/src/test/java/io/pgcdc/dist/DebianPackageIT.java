package io.pgcdc.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Debian package that {@code -Prelease} makes, as dpkg reads it. */
@Tag("soak")
class DebianPackageIT {

    private static final Path DPKG = Path.of("/usr/bin/dpkg-deb");

    @TempDir
    Path directory;

    private static List<String> dpkg(String... arguments) throws Exception {
        assumeTrue(Files.isExecutable(DPKG), DPKG + " is missing: nobody reads the package");
        Path file = Archive.built(Archive.root(), "pgcdc_", ".deb");
        List<String> command = new java.util.ArrayList<>(List.of(DPKG.toString(), arguments[0], file.toString()));
        command.addAll(List.of(arguments).subList(1, arguments.length));
        return Archive.run(Map.of(), command);
    }

    @Test
    void itsFilesBelongToRootAndAreWhereDebianWantsThem() throws Exception {
        List<String> lines = dpkg("--contents");
        assertTrue(lines.stream().allMatch(line -> line.contains(" root/root ")), lines.toString());
        Map<String, String> modes = lines.stream()
                .map(line -> line.split("\\s+", 6))
                .collect(Collectors.toMap(words -> words[5], words -> words[0]));
        assertEquals("-rwxr-xr-x", modes.get("./usr/share/pgcdc/bin/cdc"));
        assertEquals("lrwxrwxrwx", modes.get("./usr/bin/cdc -> ../share/pgcdc/bin/cdc"));
        for (String file : Set.of(
                "./etc/pgcdc/cdc.yaml",
                "./lib/systemd/system/pgcdc.service",
                "./usr/share/man/man1/cdc.1",
                "./usr/share/doc/pgcdc/copyright",
                "./usr/share/pgcdc/lib/jvm.args")) {
            assertEquals("-rw-r--r--", modes.get(file), file);
        }
    }

    @Test
    void anUpgradeKeepsTheConfigurationAndTheScriptsAreValid() throws Exception {
        dpkg("--control", directory.toString());
        assertEquals("/etc/pgcdc/cdc.yaml\n", Files.readString(directory.resolve("conffiles")));
        for (String script : List.of("postinst", "prerm", "postrm")) {
            Path file = directory.resolve(script);
            assertTrue(Files.isExecutable(file), script);
            Archive.run(Map.of(), List.of("sh", "-n", file.toString()));
        }
        assertTrue(Files.readString(directory.resolve("control")).contains("\nDepends: default-jre-headless"));
    }

    @Test
    void theUnpackedCommandRuns() throws Exception {
        dpkg("--extract", directory.toString());
        List<String> said = Archive.run(
                Archive.NO_CACHE, List.of(directory.resolve("usr/bin/cdc").toString(), "--version"));
        assertTrue(said.get(0).startsWith("cdc "), said.toString());
    }
}
