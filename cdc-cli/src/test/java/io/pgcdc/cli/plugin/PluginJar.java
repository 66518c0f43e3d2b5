package io.pgcdc.cli.plugin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Compiles sources and makes a jar of them, as a third party does who has cdc's jars on the class path. */
public final class PluginJar {

    private static final String SERVICE = "META-INF/services/io.pgcdc.sink.SinkProvider";

    private final Map<String, String> sources = new LinkedHashMap<>();
    private final Map<String, byte[]> entries = new LinkedHashMap<>();
    private final List<String> leftOut = new ArrayList<>();

    /** Adds a class. */
    public PluginJar source(String className, String text) {
        sources.put(className, text);
        return this;
    }

    /** Adds a class that is there for the compiler, and not in the jar. */
    public PluginJar absent(String className, String text) {
        leftOut.add(className.replace('.', '/') + ".class");
        return source(className, text);
    }

    /** Adds a file. */
    public PluginJar file(String name, String text) {
        entries.put(name, text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** Names the provider's class. */
    public PluginJar provider(String className) {
        return file(SERVICE, className + "\n");
    }

    /** Writes the jar. */
    public Path write(Path jar) {
        try {
            Path classes = Files.createTempDirectory(jar.getParent(), ".classes");
            compile(classes);
            try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                    Stream<Path> files = Files.walk(classes)) {
                for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                    String name = classes.relativize(file).toString();
                    if (!leftOut.contains(name)) {
                        put(out, name, Files.readAllBytes(file));
                    }
                }
                for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                    put(out, entry.getKey(), entry.getValue());
                }
            }
            return jar;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void put(JarOutputStream out, String name, byte[] content) throws IOException {
        out.putNextEntry(new JarEntry(name));
        out.write(content);
        out.closeEntry();
    }

    private void compile(Path classes) {
        if (sources.isEmpty()) {
            return;
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<JavaFileObject> units = new ArrayList<>();
        sources.forEach((name, text) -> units.add(new Source(name, text)));
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> options = List.of("-proc:none", "-cp", classPath, "-d", classes.toString(), "-implicit:none");
        if (!compiler.getTask(null, null, null, options, null, units).call()) {
            throw new AssertionError("the plugin's sources do not compile");
        }
    }

    private static final class Source extends SimpleJavaFileObject {

        private final String text;

        Source(String className, String text) {
            super(URI.create("string:///" + className.replace('.', '/') + Kind.SOURCE.extension), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
