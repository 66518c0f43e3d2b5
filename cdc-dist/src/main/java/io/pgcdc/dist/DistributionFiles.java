package io.pgcdc.dist;

import io.pgcdc.cli.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

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
        for (String shell : List.of("bash", "zsh", "fish")) {
            Path folder = Files.createDirectories(made.resolve("completions").resolve(shell));
            // the names by which the shells look for them
            Files.writeString(
                    folder.resolve(shell.equals("zsh") ? "_cdc" : shell.equals("fish") ? "cdc.fish" : "cdc"),
                    completion(shell));
        }
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

    private static String completion(String shell) {
        StringWriter script = new StringWriter();
        int exitCode = Main.commandLine("completion", shell)
                .setOut(new PrintWriter(script))
                .execute("completion", shell);
        if (exitCode != 0) {
            throw new IllegalStateException("cdc completion " + shell + " ended with " + exitCode);
        }
        return script.toString();
    }
}
