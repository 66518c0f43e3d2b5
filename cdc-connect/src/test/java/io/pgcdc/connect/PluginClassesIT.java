package io.pgcdc.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/** No class that the connector may use refers to one that neither the plugin nor the worker has. */
class PluginClassesIT {

    private static final List<String> SHARED = List.of("org/apache/kafka/", "org/slf4j/", "com/fasterxml/jackson/");

    /** Annotations: the JVM does without. */
    private static final String ANNOTATIONS = "com/google/auto/value/";

    /** Ours that the connector does not use. */
    private static final String QUEUE_ON_DISK = "io/pgcdc/queue/disk/";

    private final Map<String, Boolean> ofWorker = new HashMap<>();

    @Test
    void everyClassThatIsReferredToIsThere() throws IOException {
        Map<String, Set<String>> references = new HashMap<>();
        for (Path jar : PackagedPlugin.jars()) {
            try (JarFile file = new JarFile(jar.toFile())) {
                for (JarEntry entry : file.stream().toList()) {
                    String name = entry.getName();
                    if (name.endsWith(".class") && !name.contains("META-INF") && !name.endsWith("module-info.class")) {
                        try (InputStream in = file.getInputStream(entry)) {
                            references.put(name.substring(0, name.length() - 6), ClassReferences.of(in));
                        }
                    }
                }
            }
        }
        Set<String> reached = new HashSet<>();
        Deque<String> next = new ArrayDeque<>();
        references.keySet().stream()
                .filter(name -> name.startsWith("io/pgcdc/"))
                .forEach(next::add);
        Map<String, Set<String>> missing = new TreeMap<>();
        while (!next.isEmpty()) {
            String name = next.poll();
            if (!reached.add(name) || name.startsWith(QUEUE_ON_DISK)) {
                continue;
            }
            for (String other : references.getOrDefault(name, Set.of())) {
                if (references.containsKey(other)) {
                    next.add(other);
                } else if (!other.startsWith(ANNOTATIONS)
                        && !ofWorker.computeIfAbsent(other, PluginClassesIT::isOfWorker)) {
                    missing.computeIfAbsent(parent(other), p -> new TreeSet<>()).add(parent(name));
                }
            }
        }
        assertTrue(reached.size() > 1_000);
        assertEquals(Map.of(), missing);
    }

    private static String parent(String name) {
        return name.substring(0, Math.max(0, name.lastIndexOf('/')));
    }

    private static boolean isOfWorker(String name) {
        boolean shared = SHARED.stream().anyMatch(name::startsWith);
        ClassLoader loader = shared ? PluginClassesIT.class.getClassLoader() : ClassLoader.getPlatformClassLoader();
        return loader.getResource(name + ".class") != null;
    }
}
