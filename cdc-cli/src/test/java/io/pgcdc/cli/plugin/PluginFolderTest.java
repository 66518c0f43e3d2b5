package io.pgcdc.cli.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.CdcException;
import io.pgcdc.error.ConfigException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sink.Durability;
import io.pgcdc.sink.Sink;
import io.pgcdc.sink.SinkProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginFolderTest {

    @TempDir
    Path folder;

    /** The source of a provider whose type is the value of an expression. */
    private static String provider(String className, String type, String more) {
        return """
                package com.example;

                import io.pgcdc.setting.*;
                import io.pgcdc.sink.*;
                import java.util.List;

                public final class %s implements SinkProvider {
                    %s
                    public String type() { return %s; }
                    public List<Setting<?>> settings() { return List.of(); }
                    public Sink create(SinkContext context, SettingValues values) {
                        throw new IllegalArgumentException("no such host");
                    }
                }
                """.formatted(className, more, type);
    }

    private static PluginJar jar(String className, String type, String more) {
        return new PluginJar()
                .source("com.example." + className, provider(className, type, more))
                .provider("com.example." + className);
    }

    private PluginFolder given() {
        return PluginFolder.of(Map.of("CDC_PLUGINS", folder.toString()));
    }

    private List<String> types() {
        return given().plugins().stream()
                .flatMap(plugin -> plugin.providers().stream())
                .map(SinkProvider::type)
                .toList();
    }

    private CdcException refused(ErrorCode code, Path place) {
        CdcException refusal = assertThrows(CdcException.class, this::types);
        assertEquals(code, refusal.code(), refusal.getMessage());
        assertTrue(refusal.getMessage().contains(place.toString()), refusal.getMessage());
        return refusal;
    }

    @Test
    void eachJarAndEachFolderOfJarsIsAPlugin() throws IOException {
        jar("A", "\"a\"", "").write(folder.resolve("a.jar"));
        Path b = Files.createDirectory(folder.resolve("b"));
        jar("B", "Library.NAME", "")
                .absent(
                        "com.example.Library",
                        "package com.example; class Library {" + " static final String NAME = new String(\"b\"); }")
                .write(b.resolve("b.jar"));
        new PluginJar()
                .source(
                        "com.example.Library",
                        "package com.example; class Library { static final String NAME = new String(\"b of the library\"); }")
                .write(b.resolve("library.jar"));
        Files.writeString(folder.resolve("README"), "not a plugin");
        Files.createDirectory(folder.resolve(".git"));
        assertEquals(List.of("a", "b of the library"), types());
    }

    @Test
    void aPluginSeesTheContractAndTheLoggerAndNoLibraryOfOurs() {
        jar("Looking", """
                sees("java.sql.Connection") + sees("io.pgcdc.sink.Sink") + sees("org.slf4j.Logger") + sees("picocli.CommandLine")
                        + sees("org.postgresql.Driver") + Looking.class.getClassLoader().getResource("META-INF/services/java.sql.Driver")
                """, """
                static String sees(String name) {
                    try {
                        Class.forName(name);
                        return "yes ";
                    } catch (ClassNotFoundException e) {
                        return "no ";
                    }
                }
                """).write(folder.resolve("looking.jar"));
        assertEquals(List.of("yes yes yes no no null"), types());
    }

    @Test
    void itsCodeRunsUnderItsClassLoaderAndOursIsBackAfterwards() {
        LinesPlugin.write(folder.resolve("lines.jar"));
        ClassLoader ours = Thread.currentThread().getContextClassLoader();
        SinkProvider lines = given().plugins().get(0).providers().get(0);
        Sink sink = lines.create(
                null,
                new SettingValues(Map.of("file", folder.resolve("lines.txt").toString())));
        assertEquals(Durability.DURABLE, sink.flush());
        assertSame(ours, Thread.currentThread().getContextClassLoader());
    }

    @Test
    void withoutAFolderThereAreNone() {
        assertEquals(List.of(), PluginFolder.of(Map.of()).plugins());
        assertEquals(List.of(), new PluginFolder(folder.resolve("plugins"), false).plugins());
        assertEquals(List.of(), given().plugins());
    }

    @Test
    void aFolderThatTheUserNamesMustBeThere() {
        PluginFolder absent =
                PluginFolder.of(Map.of("CDC_PLUGINS", folder.resolve("plugin").toString()));
        ConfigException refusal = assertThrows(ConfigException.class, absent::plugins);
        assertEquals(
                "CDC-002 CDC_PLUGINS is \"" + folder.resolve("plugin")
                        + "\", which is not a folder; environment. Create it, or unset CDC_PLUGINS.",
                refusal.describe());
    }

    @Test
    void itSaysWherePluginsAreSearched() {
        assertEquals("plugins are searched in " + folder, given().describe());
        assertEquals(
                "plugins are searched in the folder in the variable CDC_PLUGINS",
                PluginFolder.of(Map.of()).describe());
        assertEquals(
                "plugins are searched in /opt/plugins, which does not exist",
                new PluginFolder(Path.of("/opt/plugins"), false).describe());
    }

    @Test
    void aFileThatIsNoJarIsNamed() throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.jar"), "<html>404</html>");
        refused(ErrorCode.PLUGIN_UNREADABLE, broken);
    }

    @Test
    void aPluginWithoutProviderIsNamed() throws IOException {
        Path library = new PluginJar().file("x", "").write(folder.resolve("library.jar"));
        refused(ErrorCode.PLUGIN_WITHOUT_SINK, library);
        Files.delete(library);
        refused(ErrorCode.PLUGIN_WITHOUT_SINK, Files.createDirectory(folder.resolve("empty")));
    }

    @Test
    void aProviderThatIsNotThereIsNamed() {
        Path jar = new PluginJar().provider("com.example.Gone").write(folder.resolve("gone.jar"));
        assertTrue(refused(ErrorCode.PLUGIN_BROKEN, jar).getMessage().contains("com.example.Gone"));
    }

    @Test
    void aProviderThatFailsWhileItIsMadeIsNamed() {
        Path jar = jar(
                        "Failing",
                        "\"failing\"",
                        "public Failing() { throw new IllegalStateException(\"no license\"); }")
                .write(folder.resolve("failing.jar"));
        assertTrue(refused(ErrorCode.PLUGIN_BROKEN, jar).getMessage().contains("no license"));
    }

    @Test
    void aProviderOfAnotherVersionOfTheContractIsNamed() {
        Path jar = jar("Old", "io.pgcdc.sink.Formerly.NAME.toString()", "")
                .absent(
                        "io.pgcdc.sink.Formerly",
                        "package io.pgcdc.sink; public class Formerly {"
                                + " public static final Object NAME = new Object(); }")
                .write(folder.resolve("old.jar"));
        assertTrue(refused(ErrorCode.PLUGIN_BROKEN, jar).getMessage().contains("io.pgcdc.sink.Formerly"));
    }

    @Test
    void aProviderThatFailsToMakeASinkIsNamed() {
        Path jar = jar("A", "\"a\"", "").write(folder.resolve("a.jar"));
        SinkProvider provider = given().plugins().get(0).providers().get(0);
        CdcException refusal =
                assertThrows(CdcException.class, () -> provider.create(null, new SettingValues(Map.of())));
        assertEquals(ErrorCode.PLUGIN_BROKEN, refusal.code());
        assertTrue(refusal.getMessage().contains(jar.toString()), refusal.getMessage());
        assertTrue(refusal.getMessage().contains("no such host"), refusal.getMessage());
    }

    @Test
    void aSinkThatDoesNotLinkIsNamedAndItsOtherErrorsAreItsOwn() {
        Path jar = new PluginJar()
                .source("com.example.Late", """
                        package com.example;

                        import io.pgcdc.setting.*;
                        import io.pgcdc.sink.*;
                        import java.util.List;

                        public final class Late implements SinkProvider, Sink {
                            public String type() { return "late"; }
                            public List<Setting<?>> settings() { return List.of(); }
                            public Sink create(SinkContext context, SettingValues values) { return this; }
                            public Durability write(Batch batch) { throw new IllegalStateException("full"); }
                            public Durability flush() { return Formerly.flush(); }
                            public void close() {}
                        }
                        """)
                .absent("com.example.Formerly", """
                        package com.example;

                        class Formerly {
                            static io.pgcdc.sink.Durability flush() { return null; }
                        }
                        """)
                .provider("com.example.Late")
                .write(folder.resolve("late.jar"));
        Sink sink = given().plugins().get(0).providers().get(0).create(null, new SettingValues(Map.of()));
        CdcException refusal = assertThrows(CdcException.class, sink::flush);
        assertEquals(ErrorCode.PLUGIN_BROKEN, refusal.code());
        assertTrue(refusal.getMessage().contains(jar.toString()), refusal.getMessage());
        assertEquals(
                "full",
                assertThrows(IllegalStateException.class, () -> sink.write(null))
                        .getMessage());
    }
}
