package io.pgcdc.dist;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/** The licenses of the libraries: a list from the bill of materials, and the texts that stand in the jars. */
final class ThirdParty {

    static final String LIST = "THIRD-PARTY.txt";

    private static final String OURS = "io.pgcdc";

    /** At a jar's top or in META-INF. */
    private static final Pattern TEXT =
            Pattern.compile("(META-INF/)?((LICEN[CS]E|NOTICE|COPYING|COPYRIGHT)[^/]*)", Pattern.CASE_INSENSITIVE);

    private ThirdParty() {}

    /**
     * Writes the list.
     *
     * @throws IOException also if a library has no license in its metadata
     */
    static void list(Path billOfMaterials, Path licenses) throws IOException {
        TreeMap<String, String> libraries = new TreeMap<>();
        for (JsonNode component :
                new ObjectMapper().readTree(billOfMaterials.toFile()).path("components")) {
            String group = component.path("group").asText();
            if (!group.equals(OURS)) {
                String name = group + ":" + component.path("name").asText();
                String version = component.path("version").asText();
                libraries.put(name + " " + version, license(name, component));
            }
        }
        StringBuilder list = new StringBuilder(
                "pgcdc contains these libraries, each under the licenses that its metadata names. The texts that come with"
                        + " a library are in the folder of its name.\n\n");
        libraries.forEach((name, license) ->
                list.append(name).append(": ").append(license).append('\n'));
        Files.writeString(licenses.resolve(LIST), list);
    }

    /** Writes a folder of texts for each jar that has any. */
    static void texts(Path lib, Path licenses) throws IOException {
        try (Stream<Path> jars = Files.list(lib)) {
            for (Path jar : jars.sorted().toList()) {
                String name = jar.getFileName().toString();
                if (name.endsWith(".jar") && !name.startsWith("cdc-")) {
                    copy(jar, licenses.resolve(name.substring(0, name.length() - ".jar".length())));
                }
            }
        }
    }

    private static String license(String name, JsonNode component) throws IOException {
        List<String> found = new ArrayList<>();
        for (JsonNode one : component.path("licenses")) {
            JsonNode license = one.path("license");
            for (JsonNode word : List.of(one.path("expression"), license.path("id"), license.path("name"))) {
                if (word.isTextual()) {
                    found.add(word.asText());
                    break;
                }
            }
        }
        if (found.isEmpty()) {
            throw new IOException(
                    name + " names no license in its metadata. Look it up, and decide whether it may be shipped.");
        }
        return String.join("; ", found);
    }

    private static void copy(Path jar, Path folder) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            for (ZipEntry entry : file.stream().map(ZipEntry.class::cast).toList()) {
                var match = TEXT.matcher(entry.getName());
                if (!entry.isDirectory()
                        && match.matches()
                        && !match.group(2).toLowerCase(Locale.ROOT).endsWith(".class")) {
                    Files.createDirectories(folder);
                    try (InputStream text = file.getInputStream(entry)) {
                        Files.write(folder.resolve(match.group(2)), text.readAllBytes());
                    }
                }
            }
        }
    }
}
