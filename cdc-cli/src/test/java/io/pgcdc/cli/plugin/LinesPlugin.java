package io.pgcdc.cli.plugin;

import java.nio.file.Path;

/**
 * A plugin as a third party writes it: its sink of type {@code lines} appends positions to a file, in a wording that a library of its
 * own finds through the thread's context class loader.
 */
public final class LinesPlugin {

    private LinesPlugin() {}

    /** Writes the plugin's jar, its library in it. */
    public static Path write(Path jar) {
        return new PluginJar()
                .source("com.example.Lines", PROVIDER)
                .source("com.example.LinesSink", SINK)
                .source("picocli.CommandLine", LIBRARY)
                .file("wording.txt", "change at ")
                .provider("com.example.Lines")
                .write(jar);
    }

    private static final String PROVIDER = """
            package com.example;

            import io.pgcdc.setting.Setting;
            import io.pgcdc.setting.SettingType;
            import io.pgcdc.setting.SettingValues;
            import io.pgcdc.sink.Sink;
            import io.pgcdc.sink.SinkContext;
            import io.pgcdc.sink.SinkProvider;
            import java.nio.file.Path;
            import java.util.List;
            import java.util.function.BiConsumer;

            public final class Lines implements SinkProvider {

                enum Form { SHORT, LONG }

                static final Setting<String> FILE =
                        Setting.of("file", SettingType.text(), System.getProperty("lines.file", "lines"), "Where to.");
                static final Setting<Form> FORMAT =
                        Setting.of("format", SettingType.choice(Form.class), Form.SHORT, "How.");
                static final Setting<String> TOKEN =
                        Setting.<String>optional("token", SettingType.text(), "Opens the target.").asSecret();

                @Override
                public String type() {
                    return "lines";
                }

                @Override
                public List<Setting<?>> settings() {
                    return List.of(FILE, FORMAT, TOKEN);
                }

                @Override
                public void check(SettingValues values, BiConsumer<Setting<?>, String> problems) {
                    if (values.get(FORMAT) == Form.LONG && values.find(TOKEN) == null) {
                        problems.accept(TOKEN, "is missing for format: long; write it");
                    }
                }

                @Override
                public Sink create(SinkContext context, SettingValues values) {
                    return new LinesSink(Path.of(values.get(FILE)));
                }
            }
            """;

    private static final String SINK = """
            package com.example;

            import io.pgcdc.sink.Batch;
            import io.pgcdc.sink.Durability;
            import io.pgcdc.sink.Sink;
            import java.io.IOException;
            import java.io.UncheckedIOException;
            import java.nio.file.Files;
            import java.nio.file.Path;
            import java.nio.file.StandardOpenOption;

            final class LinesSink implements Sink {

                private final Path file;

                LinesSink(Path file) {
                    this.file = file;
                    picocli.CommandLine.wording();
                }

                @Override
                public Durability write(Batch batch) {
                    StringBuilder lines = new StringBuilder();
                    batch.forEach(change -> lines.append(picocli.CommandLine.wording())
                            .append(change.position())
                            .append('\\n'));
                    append(lines.toString());
                    return Durability.ACCEPTED;
                }

                @Override
                public Durability flush() {
                    append("flushed: " + picocli.CommandLine.wording() + "\\n");
                    return Durability.DURABLE;
                }

                @Override
                public void close() {
                    append("closed: " + picocli.CommandLine.wording() + "\\n");
                }

                private void append(String text) {
                    try {
                        Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            }
            """;

    /** Named as a library of ours, of which there is another version here. */
    private static final String LIBRARY = """
            package picocli;

            import java.io.IOException;
            import java.io.InputStream;
            import java.io.UncheckedIOException;

            public final class CommandLine {

                public static String wording() {
                    ClassLoader loader = Thread.currentThread().getContextClassLoader();
                    try (InputStream in = loader.getResourceAsStream("wording.txt")) {
                        return new String(in.readAllBytes());
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            }
            """;
}
