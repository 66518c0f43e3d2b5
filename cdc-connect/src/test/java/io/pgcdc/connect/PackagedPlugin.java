package io.pgcdc.connect;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** What the build packaged. */
final class PackagedPlugin {

    private static final Path TARGET = Path.of(System.getProperty("pgcdc.root"), "cdc-connect/target");

    private PackagedPlugin() {}

    /** Returns a folder for plugin.path. */
    static Path path() throws IOException {
        return one("pgcdc-connect-*-plugin");
    }

    static List<Path> jars() throws IOException {
        try (Stream<Path> files = Files.list(path().resolve("pgcdc-connect/lib"))) {
            return files.sorted().toList();
        }
    }

    static Path archive() throws IOException {
        return one("pgcdc-connect-*-plugin.tar.gz");
    }

    static Path hubArchive() throws IOException {
        return one("pgcdc-pgcdc-connect-*.zip");
    }

    /** Returns the names of all entries of a jar. */
    static List<String> entries(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.stream().map(entry -> entry.getName()).toList();
        }
    }

    static URL[] urls(List<Path> jars) throws MalformedURLException {
        List<URL> urls = new ArrayList<>();
        for (Path jar : jars) {
            urls.add(jar.toUri().toURL());
        }
        return urls.toArray(URL[]::new);
    }

    private static Path one(String pattern) throws IOException {
        List<Path> found = new ArrayList<>();
        try (var files = Files.newDirectoryStream(TARGET, pattern)) {
            files.forEach(found::add);
        }
        if (found.size() != 1) {
            throw new IllegalStateException("not one " + pattern + " in " + TARGET + ": " + found + "; build anew");
        }
        return found.get(0);
    }
}
