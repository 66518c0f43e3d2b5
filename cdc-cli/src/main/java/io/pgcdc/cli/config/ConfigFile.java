package io.pgcdc.cli.config;

import io.pgcdc.cli.http.HttpSettings;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.setting.Place;
import io.pgcdc.setting.Problems;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.stream.Stream;

/** Reads {@code cdc.yaml} into a draft. Checks the file's structure; its values are checked later. */
final class ConfigFile {

    private static final int MAX_BYTES = 1_048_576;

    private static final String HTTP = "http";
    private static final String PIPELINES = "pipelines";
    private static final String LIST = "write a list: - {source: …, queue: …, sinks: …}";

    private static final List<String> TOP_KEYS =
            Stream.concat(DraftReader.KEYS.stream(), Stream.of(HTTP, PIPELINES)).toList();

    private final Problems problems;
    private final ProcessDraft draft;
    private final DraftReader reader;

    private ConfigFile(String name, Environment environment, Problems problems) {
        this.problems = problems;
        this.draft = new ProcessDraft(Place.file(name, 1, 1));
        this.reader = new DraftReader(name, new References(environment, problems), draft.written, problems);
    }

    /** @throws io.pgcdc.error.ConfigException if the file cannot be read or is not YAML: no further check is possible then */
    static ProcessDraft read(Path path, Environment environment, Problems problems) {
        String name = path.toString();
        Place whole = Place.file(name, 0, 0);
        String content = content(environment.directory().resolve(path), whole, problems);
        problems.throwIfAny();
        YamlNode root = YamlReader.read(name, content, problems);
        ConfigFile file = new ConfigFile(name, environment, problems);
        if (root instanceof YamlNode.Mapping mapping) {
            file.top(mapping);
            return file.draft;
        }
        if (root == null || root instanceof YamlNode.Empty) {
            if (problems.count() == 0) {
                unreadable(whole, "the file is empty; write source:, queue: and sinks:", problems);
            }
        } else {
            problems.add(
                    ErrorCode.CONFIG_SYNTAX,
                    file.reader.origin(root.line(), root.column()),
                    "the file is " + root.kind() + "; write source:, queue: and sinks:");
        }
        problems.throwIfAny();
        return file.draft;
    }

    private static String content(Path path, Place whole, Problems problems) {
        try {
            if (!Files.exists(path)) {
                unreadable(whole, "the file does not exist; give its path with -c", problems);
            } else if (!Files.isRegularFile(path)) {
                unreadable(whole, "not a file; give the path of a YAML file with -c", problems);
            } else if (canBeWrittenByAll(path)) {
                unreadable(
                        whole,
                        "every user of this machine can change the file, which may hold passwords and commands; chmod o-w it",
                        problems);
            } else if (Files.size(path) > MAX_BYTES) {
                unreadable(whole, "larger than " + MAX_BYTES + " bytes; give a configuration file with -c", problems);
            } else {
                String content = Files.readString(path);
                return content.startsWith("\uFEFF") ? content.substring(1) : content;
            }
        } catch (CharacterCodingException e) {
            unreadable(whole, "not UTF-8; save the file as UTF-8", problems);
        } catch (IOException e) {
            unreadable(whole, "the file cannot be read; give this user read permission", problems);
        }
        return "";
    }

    private static boolean canBeWrittenByAll(Path path) throws IOException {
        PosixFileAttributeView posix = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        return posix != null && posix.readAttributes().permissions().contains(PosixFilePermission.OTHERS_WRITE);
    }

    private static void unreadable(Place whole, String message, Problems problems) {
        problems.add(ErrorCode.CONFIG_FILE_UNREADABLE, whole, message);
    }

    private void top(YamlNode.Mapping mapping) {
        draft.listed = mapping.entries().stream().anyMatch(entry -> entry.key().equals(PIPELINES));
        Draft only = draft.listed ? null : draft.add(draft.http.at);
        for (YamlNode.Entry entry : mapping.entries()) {
            if (entry.key().equals(HTTP)) {
                reader.brief(HTTP, entry, draft.http, HttpSettings.LISTEN);
            } else if (entry.key().equals(PIPELINES)) {
                pipelines(entry);
            } else if (!DraftReader.KEYS.contains(entry.key())) {
                reader.unknown(entry, TOP_KEYS);
            } else if (only != null) {
                reader.pipeline(entry, only);
            } else {
                problems.add(
                        ErrorCode.CONFIG_CONFLICT,
                        reader.origin(entry.line(), entry.column()),
                        entry.key() + " stands beside pipelines; write it in each pipeline that needs it");
            }
        }
    }

    private void pipelines(YamlNode.Entry entry) {
        if (!(entry.value() instanceof YamlNode.Sequence sequence)) {
            reader.bad(entry.value(), "pipelines is " + entry.value().kind() + "; " + LIST);
            return;
        }
        if (sequence.elements().isEmpty()) {
            problems.add(
                    ErrorCode.CONFIG_MISSING,
                    reader.origin(entry.line(), entry.column()),
                    "pipelines is empty; write at least one");
        }
        for (YamlNode element : sequence.elements()) {
            if (element instanceof YamlNode.Mapping mapping) {
                pipeline(mapping, draft.add(reader.origin(element.line(), element.column())));
            } else {
                reader.bad(element, "a pipeline is " + element.kind() + "; " + LIST);
            }
        }
    }

    private void pipeline(YamlNode.Mapping mapping, Draft one) {
        for (YamlNode.Entry entry : mapping.entries()) {
            if (DraftReader.KEYS.contains(entry.key())) {
                reader.pipeline(entry, one);
            } else if (entry.key().equals(HTTP)) {
                problems.add(
                        ErrorCode.CONFIG_CONFLICT,
                        reader.origin(entry.line(), entry.column()),
                        "http belongs to the process, not to a pipeline; write it beside pipelines");
            } else {
                reader.unknown(entry, DraftReader.KEYS);
            }
        }
    }
}
