package io.pgcdc.dist;

import static io.pgcdc.dist.Archive.NO_CACHE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgcdc.testkit.process.Unprivileged;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive as a user gets it: its files, and that it runs from any place without the source tree. */
class ArchiveIT {

    @TempDir
    static Path directory;

    /** A colon and spaces in its path, and read-only. */
    private static Path installed = Path.of("");

    @BeforeAll
    static void unpack() throws Exception {
        installed = Archive.unpack(directory, "at 10:30 o'clock");
        Unprivileged.readOnly(installed);
    }

    private static Set<String> files(Path folder) throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return new HashSet<>(
                    files.map(file -> file.getFileName().toString()).toList());
        }
    }

    private static List<String> cdc(Path launcher, Map<String, String> environment, String... arguments)
            throws Exception {
        List<String> command = new ArrayList<>(Unprivileged.command());
        command.add(launcher.toString());
        command.addAll(List.of(arguments));
        return Archive.run(environment, command);
    }

    @Test
    void itHasEachPart() throws Exception {
        Set<String> parts = files(installed);
        parts.remove(DistributionFiles.BILL_OF_MATERIALS);
        assertEquals(
                Set.of("bin", "lib", "conf", "man", "completions", "systemd", "licenses", "LICENSE", "CHANGELOG.md"),
                parts);
        assertEquals(Set.of("cdc"), files(installed.resolve("bin")));
        assertEquals(Files.readString(Archive.root().resolve("cdc")), Files.readString(installed.resolve("bin/cdc")));
        assertEquals(Set.of("cdc.1"), files(installed.resolve("man/man1")));
        String completion = Files.readString(installed.resolve("completions/bash/cdc"));
        assertTrue(completion.contains("dead-letters"), completion);
    }

    @Test
    void itRunsReadOnlyThroughALinkFromAPathWithAColon() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("a link"), installed.resolve("bin/cdc"));
        Map<String, String> environment =
                Map.of("CDC_CACHE_DIR", directory.resolve("links").toString());
        assertTrue(cdc(link, environment, "--version").get(0).startsWith("cdc "));
    }

    /** Under another name as well. The class-data archive is in the user's cache, and in use. JDK 17 archives none from paths with a space. */
    @Test
    void aReadOnlyInstallationStartsFast() throws Exception {
        Path renamed = Files.createDirectories(directory.resolve("pg-capture/bin"));
        Path launcher = Files.copy(installed.resolve("bin/cdc"), renamed.resolve("pg-capture"));
        Archive.run(
                Map.of(),
                List.of(
                        "cp",
                        "-a",
                        installed.resolve("lib").toString(),
                        renamed.getParent().toString()));
        Unprivileged.readOnly(renamed.getParent());
        Map<String, String> environment = Map.of(
                "CDC_CACHE_DIR", directory.resolve("cache").toString(), "CDC_JAVA_OPTS", "-Xlog:class+load:stderr");
        List<String> said = cdc(launcher, environment, "--version");
        assertTrue(
                said.stream().anyMatch(line -> line.contains("io.pgcdc.cli.Main source: shared objects file (top)")),
                said.size() + " lines, the first: " + said.get(0));
    }

    @Test
    void theExampleIsAConfiguration() throws Exception {
        Path plain = Files.createSymbolicLink(directory.resolve("plain"), installed);
        Path file = installed.resolve("conf/cdc.yaml");
        List<String> shown = cdc(plain.resolve("bin/cdc"), NO_CACHE, "config", "-c", file.toString());
        assertTrue(shown.stream().anyMatch(line -> line.contains("shop_cdc")), shown.toString());
    }

    /** Each library in lib is in the bill of materials and in the list of licenses, and nothing else. */
    @Test
    void theBillOfMaterialsAndTheLicensesNameEachLibrary() throws Exception {
        Path bom = installed.resolve(DistributionFiles.BILL_OF_MATERIALS);
        assumeTrue(Files.exists(bom), "Maven was offline: the archive has no bill of materials");
        JsonNode bill = new ObjectMapper().readTree(bom.toFile());
        Set<String> named = new HashSet<>();
        for (JsonNode component : bill.path("components")) {
            named.add(component.path("name").asText() + "-"
                    + component.path("version").asText());
        }
        Set<String> jars = new HashSet<>();
        for (String jar : files(installed.resolve("lib"))) {
            if (jar.endsWith(".jar")) {
                jars.add(jar.replaceFirst("(-native)?\\.jar$", ""));
            }
        }
        assertTrue(jars.size() > 40, jars.toString());
        assertEquals(jars, named);
        String list = Files.readString(installed.resolve("licenses/THIRD-PARTY.txt"));
        assertTrue(list.contains("org.postgresql:postgresql 42"), list);
        assertTrue(Files.exists(installed.resolve("licenses/" + kafka(jars) + "/NOTICE")));
    }

    private static String kafka(Set<String> jars) {
        return jars.stream()
                .filter(jar -> jar.startsWith("kafka-clients-"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theManPageHasNoFaults() throws Exception {
        Path page = installed.resolve("man/man1/cdc.1");
        String text = Files.readString(page);
        assertTrue(text.contains(".SS cdc slot list\n"), text);
        assertTrue(text.contains("\n.B \\-c, \\-\\-config"), text);
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/groff")), "groff is missing: nobody reads the man page");
        assertEquals(
                List.of(), Archive.run(Map.of(), List.of("groff", "-man", "-ww", "-z", "-Tutf8", page.toString())));
    }

    @Test
    void theUnitIsKnownToSystemd() throws Exception {
        Path analyze = Path.of("/usr/bin/systemd-analyze");
        assumeTrue(Files.isExecutable(analyze), analyze + " is missing: nobody reads the unit");
        // verify wants the program to exist
        String text = Files.readString(installed.resolve("systemd/pgcdc.service"));
        assertTrue(text.contains("ExecStart=/usr/bin/cdc run "), text);
        Path unit = Files.writeString(
                directory.resolve("pgcdc.service"),
                text.replace("/usr/bin/cdc", "/bin/true").replace("man:cdc(1)", "https://example.com"));
        assertEquals(List.of(), Archive.run(NO_CACHE, List.of(analyze.toString(), "verify", unit.toString())));
    }
}
