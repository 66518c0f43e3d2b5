package io.pgcdc.dist;

import io.pgcdc.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes the files that the archive gets beside its jars. Arguments: the folder to write into, in which {@code sbom.cdx.json} is already, unless Maven is offline;
 * the folder of the jars; the version; the date of the build, as {@code 2026-01-01T00:00:00Z}.
 */
public final class DistributionFiles {

    static final String BILL_OF_MATERIALS = "sbom.cdx.json";

    private DistributionFiles() {}

    public static void main(String[] arguments) throws IOException {
        Path made = Path.of(arguments[0]);
        Path lib = Path.of(arguments[1]);
        String version = arguments[2];
        String date = arguments[3].substring(0, "2026-01-01".length());
        Path man = Files.createDirectories(made.resolve("man/man1"));
        Files.writeString(man.resolve("cdc.1"), ManPage.of(Main.commandLine(), version, date));
        Path billOfMaterials = made.resolve(BILL_OF_MATERIALS);
        Path licenses = Files.createDirectories(made.resolve("licenses"));
        ThirdParty.texts(lib, licenses);
        if (Files.exists(billOfMaterials)) {
            ThirdParty.list(billOfMaterials, licenses);
        } else {
            System.out.println(
                    "cdc-dist: the archive has no bill of materials and no list of licenses, because Maven is offline.");
        }
    }
}
