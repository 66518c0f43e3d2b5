package io.pgcdc.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReleaseTest {

    private static final List<String> CHANGELOG = """
            # Changelog

            ## Unreleased

            - later

            ## [1.2.0] - 2026-02-01

            ### Added

            - new

            ## 1.2

            - old
            """.lines().toList();

    @TempDir
    Path directory;

    @Test
    void aVersionsChangesAreItsSection() throws Exception {
        assertEquals(List.of("### Added", "", "- new"), Release.section(CHANGELOG, "1.2.0"));
        assertEquals(List.of("- old"), Release.section(CHANGELOG, "1.2"));
        assertEquals(List.of("- later"), Release.section(CHANGELOG, "1.3.0-SNAPSHOT"));
    }

    @Test
    void aVersionWithoutASectionIsRefused() {
        IOException refused = assertThrows(IOException.class, () -> Release.section(CHANGELOG, "1.2.1"));
        assertTrue(refused.getMessage().contains("## 1.2.1"), refused.getMessage());
    }

    @Test
    void checksumsAreThoseOfSha256sum() throws Exception {
        Path changelog = Files.write(directory.resolve("CHANGELOG.md"), CHANGELOG);
        Path archive = Files.writeString(directory.resolve("a.tar.gz"), "abc");
        Path release = directory.resolve("release");
        String[] arguments = {
            release.toString(), directory.toString(), changelog.toString(), "1.2.0", archive.toString()
        };
        IOException refused = assertThrows(IOException.class, () -> Release.main(arguments));
        assertTrue(refused.getMessage().endsWith("without -o."), refused.getMessage());
        Files.createFile(directory.resolve(DistributionFiles.BILL_OF_MATERIALS));
        Release.main(arguments);
        // FIPS 180-4 gives the hash of "abc"
        assertEquals(
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  a.tar.gz\n",
                Files.readString(release.resolve(Release.CHECKSUMS)));
        assertEquals("### Added\n\n- new\n", Files.readString(release.resolve(Release.CHANGES)));
        assertEquals("abc", Files.readString(release.resolve("a.tar.gz")));
    }
}
