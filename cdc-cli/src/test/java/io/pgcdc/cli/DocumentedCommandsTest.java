package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Each command line of the documents is one that {@code cdc} understands. The demo's, which another jar brings, are left out. */
class DocumentedCommandsTest {

    private static final Path ROOT = Path.of("..");

    /** A line of a block, with its continuations. */
    private static final Pattern LINE = Pattern.compile("(?m)^ {0,12}(?:\\$ )?(?:\\./)?cdc (-?[a-z](?:\\\\\\n|.)*)$");

    private static final Pattern INLINE = Pattern.compile("`(?:\\./)?cdc (-?[a-z][^`\\n]*)`");

    /** Ends a command in a shell, or begins a remark of the document. */
    private static final Pattern END = Pattern.compile("^(?:\\\\?[|;&<>#]|[12]?>.*|&&|…|\\[.*)$");

    private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)");

    /** Commands that are no command line of ours, or only of the demo. */
    private static final List<String> OTHERS = List.of("demo");

    @Test
    void everyCommandLineIsUnderstood() throws IOException {
        List<String> wrong = new ArrayList<>();
        int checked = 0;
        for (Path document : documents()) {
            String text = Files.readString(document);
            for (Matcher found : List.of(LINE.matcher(text), INLINE.matcher(text))) {
                boolean inline = found.pattern() == INLINE;
                while (found.find()) {
                    List<String> words = words(found.group(1));
                    if (words.isEmpty()
                            || OTHERS.contains(words.get(0))
                            || !(inline || isInBlock(text, found.start()))) {
                        continue;
                    }
                    checked++;
                    String problem = problem(words, inline);
                    if (problem != null) {
                        wrong.add(document + ": cdc " + String.join(" ", words) + ": " + problem);
                    }
                }
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(checked > 60, "only " + checked + " found");
    }

    private static List<Path> documents() throws IOException {
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"));
                Stream<Path> others = Stream.of("README.md", "CONTRIBUTING.md").map(ROOT::resolve)) {
            return Stream.concat(docs, others)
                    .filter(path -> path.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }

    /** A block is indented by four spaces at least, or stands between fences. */
    private static boolean isInBlock(String text, int at) {
        String before = text.substring(0, at);
        int lineEnd = text.indexOf('\n', at + 1);
        String line = text.substring(before.lastIndexOf('\n') + 1, lineEnd < 0 ? text.length() : lineEnd);
        long fences = before.lines().filter(l -> l.strip().startsWith("```")).count();
        return line.startsWith("    ") || fences % 2 == 1;
    }

    private static List<String> words(String line) {
        String one = line.replaceAll("\\\\\\n", " ");
        int remark = one.indexOf("   ");
        Matcher word = WORD.matcher(remark < 0 ? one : one.substring(0, remark));
        List<String> words = new ArrayList<>();
        while (word.find()
                && !(word.group(3) != null && END.matcher(word.group(3)).matches())) {
            words.add(Stream.of(word.group(1), word.group(2), word.group(3))
                    .filter(group -> group != null)
                    .findFirst()
                    .orElse(""));
        }
        return words;
    }

    private static @Nullable String problem(List<String> words, boolean inline) {
        CommandLine commandLine = Main.commandLine(words.toArray(String[]::new));
        try {
            commandLine.parseArgs(words.toArray(String[]::new));
            return null;
        } catch (CommandLine.MissingParameterException e) {
            return inline ? null : e.getMessage(); // prose may name a command only
        } catch (CommandLine.ParameterException e) {
            return e.getMessage();
        }
    }
}
