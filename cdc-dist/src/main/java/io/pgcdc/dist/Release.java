package io.pgcdc.dist;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Gathers what is published: the packages, their checksums as {@code sha256sum} writes them, and the changelog's section. Arguments: the
 * folder to write into, the folder of the bill of materials, the changelog, the version, and the packages.
 */
public final class Release {

    static final String CHECKSUMS = "SHA256SUMS";
    static final String CHANGES = "CHANGES.md";

    private static final String UNRELEASED = "Unreleased";
    private static final String SNAPSHOT = "-SNAPSHOT";

    private Release() {}

    public static void main(String[] arguments) throws IOException, NoSuchAlgorithmException {
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        if (!Files.exists(Path.of(arguments[1], DistributionFiles.BILL_OF_MATERIALS))) {
            throw new IOException(
                    "A release needs its bill of materials, which Maven makes only online. Run it without -o.");
        }
        List<String> changelog = Files.readAllLines(Path.of(arguments[2]));
        Files.write(folder.resolve(CHANGES), section(changelog, arguments[3]));
        StringBuilder checksums = new StringBuilder();
        for (String argument : List.of(arguments).subList(4, arguments.length)) {
            Path file = Path.of(argument);
            String name = file.getFileName().toString();
            Files.copy(file, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
            checksums.append(sha256(file)).append("  ").append(name).append('\n');
        }
        Files.writeString(folder.resolve(CHECKSUMS), checksums);
    }

    /**
     * Returns the lines below the heading of a version, {@code ## 1.2.0} or {@code ## 1.2.0 - 2026-01-31}, without the blank ones around
     * them. For a snapshot, the heading is Unreleased.
     *
     * @throws IOException if the version has no such section, or an empty one
     */
    static List<String> section(List<String> changelog, String version) throws IOException {
        String title = version.endsWith(SNAPSHOT) ? UNRELEASED : version;
        List<String> section = new ArrayList<>();
        boolean inside = false;
        for (String line : changelog) {
            if (line.startsWith("## ")) {
                inside = line.substring(3)
                        .replaceAll("[\\[\\]]", "")
                        .split(" ", 2)[0]
                        .equals(title);
            } else if (inside && !(section.isEmpty() && line.isBlank())) {
                section.add(line);
            }
        }
        while (!section.isEmpty() && section.get(section.size() - 1).isBlank()) {
            section.remove(section.size() - 1);
        }
        if (section.isEmpty()) {
            throw new IOException("CHANGELOG.md has nothing below \"## " + title
                    + "\". Give the section of this version that heading.");
        }
        return section;
    }

    private static String sha256(Path file) throws IOException, NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (InputStream bytes = new DigestInputStream(Files.newInputStream(file), digest)) {
            bytes.transferTo(java.io.OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
