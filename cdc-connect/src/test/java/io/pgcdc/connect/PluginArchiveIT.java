package io.pgcdc.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgcdc.connect.config.ConnectorConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.junit.jupiter.api.Test;

/** What the archives hold. */
class PluginArchiveIT {

    /** What the worker has, and what the connector does not need. */
    private static final Pattern FOREIGN = Pattern.compile("(org/apache/kafka|org/slf4j|com/fasterxml|net/openhft|"
            + "org/apache/commons|com/github/luben|org/xerial|io/debezium|io/pgcdc/servers)/.*\\.class");

    /** A jar's name, without its version. */
    private static final Pattern VERSION = Pattern.compile("-[0-9].*\\.jar");

    @Test
    void theArchiveIsTheFolder() throws IOException {
        Set<String> names = new TreeSet<>();
        try (InputStream file = Files.newInputStream(PackagedPlugin.archive());
                TarArchiveInputStream tar = new TarArchiveInputStream(new GzipCompressorInputStream(file))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                names.add(entry.getName());
            }
        }
        Set<String> expected = new TreeSet<>(List.of("pgcdc-connect/LICENSE", "pgcdc-connect/README.md"));
        PackagedPlugin.jars().forEach(jar -> expected.add("pgcdc-connect/lib/" + jar.getFileName()));
        assertEquals(expected, names);
    }

    @Test
    void noJarAndNoClassIsThereTwice() throws IOException {
        Map<String, List<String>> jarsOf = new TreeMap<>();
        List<String> artifacts = new ArrayList<>();
        for (Path jar : PackagedPlugin.jars()) {
            String name = jar.getFileName().toString();
            artifacts.add(VERSION.matcher(name).replaceFirst(""));
            for (String entry : PackagedPlugin.entries(jar)) {
                if (entry.endsWith(".class") && !entry.endsWith("module-info.class")) {
                    jarsOf.computeIfAbsent(entry, e -> new ArrayList<>()).add(name);
                }
            }
        }
        assertEquals(artifacts.size(), Set.copyOf(artifacts).size(), artifacts::toString);
        assertTrue(jarsOf.size() > 1_000);
        jarsOf.values().removeIf(jars -> jars.size() == 1);
        assertEquals(Map.of(), jarsOf);
    }

    @Test
    void whatTheWorkerHasIsNotThere() throws IOException {
        Map<String, String> found = new TreeMap<>();
        for (Path jar : PackagedPlugin.jars()) {
            for (String entry : PackagedPlugin.entries(jar)) {
                if (FOREIGN.matcher(entry).matches()) {
                    found.putIfAbsent(jar.getFileName().toString(), entry);
                }
            }
        }
        assertEquals(Map.of(), found);
    }

    @Test
    void theHubsArchiveHasItsParts() throws IOException {
        Path archive = PackagedPlugin.hubArchive();
        String root = archive.getFileName().toString().replace(".zip", "/");
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            Set<String> names = new TreeSet<>();
            zip.stream()
                    .filter(entry -> !entry.isDirectory())
                    .map(ZipEntry::getName)
                    .forEach(names::add);
            Set<String> expected = new TreeSet<>();
            for (String file : List.of(
                    "manifest.json",
                    "doc/README.md",
                    "doc/LICENSE",
                    "etc/pgcdc-source.properties",
                    "etc/pgcdc-source-from-debezium.properties",
                    "assets/pgcdc.svg")) {
                expected.add(root + file);
            }
            PackagedPlugin.jars().forEach(jar -> expected.add(root + "lib/" + jar.getFileName()));
            assertEquals(expected, names);
            checkManifest(new ObjectMapper().readTree(bytes(zip, root + "manifest.json")), root, names);
            checkExample(zip, root + "etc/pgcdc-source.properties");
            checkExample(zip, root + "etc/pgcdc-source-from-debezium.properties");
        }
    }

    private static void checkManifest(JsonNode manifest, String root, Set<String> files) {
        for (String field : List.of("name", "version", "title", "description", "release_date")) {
            assertFalse(manifest.path(field).asText().isBlank(), field);
        }
        JsonNode owner = manifest.path("owner");
        assertEquals(
                root,
                owner.path("username").asText() + "-" + manifest.path("name").asText() + "-"
                        + manifest.path("version").asText() + "/");
        assertEquals(Version.text(), manifest.path("version").asText());
        assertFalse(owner.path("name").asText().isBlank());
        assertEquals("[\"source\"]", manifest.path("component_types").toString());
        assertTrue(manifest.path("release_date").asText().matches("[0-9]{4}-[0-9]{2}-[0-9]{2}"));
        assertTrue(manifest.path("license").path(0).path("url").asText().startsWith("https://"));
        assertTrue(manifest.path("features").path("kafka_connect_api").asBoolean());
        assertTrue(files.contains(root + manifest.path("logo").asText()));
    }

    private static void checkExample(ZipFile zip, String name) throws IOException {
        Properties example = new Properties();
        try (InputStream in = zip.getInputStream(zip.getEntry(name))) {
            example.load(in);
        }
        Map<String, String> properties = new HashMap<>();
        for (String key :
                Collections.list(example.keys()).stream().map(String::valueOf).toList()) {
            properties.put(key, example.getProperty(key));
        }
        assertEquals(1, ConnectorConfig.parse(properties).sources().size());
    }

    private static byte[] bytes(ZipFile zip, String name) throws IOException {
        try (InputStream in = zip.getInputStream(zip.getEntry(name))) {
            return in.readAllBytes();
        }
    }
}
