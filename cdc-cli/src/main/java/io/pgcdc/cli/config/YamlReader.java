package io.pgcdc.cli.config;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.setting.Place;
import io.pgcdc.setting.Problems;
import io.pgcdc.setting.SettingReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.reader.ReaderException;

/**
 * Reads one YAML document as a tree with places. Duplicate keys, aliases, tags and a second document are problems, because a reader
 * could take each for something that the author did not mean.
 */
public final class YamlReader {

    private static final String ADVICE = "; correct it there, or write the text in quotes if it is one";

    private final String file;
    private final YAMLParser parser;
    private final Problems problems;

    private YamlReader(String file, YAMLParser parser, Problems problems) {
        this.file = file;
        this.parser = parser;
        this.problems = problems;
    }

    /** Returns null if there is no content, or no valid YAML, which is then a problem. */
    public static @Nullable YamlNode read(String file, String content, Problems problems) {
        try (YAMLParser parser = new YAMLFactory().createParser(content)) {
            YamlReader reader = new YamlReader(file, parser, problems);
            if (parser.nextToken() == null) {
                return null;
            }
            YamlNode node = reader.node();
            if (parser.nextToken() != null) {
                reader.problem(reader.here(), "a second document begins here; keep one, without ---");
            }
            return node;
        } catch (JsonProcessingException e) {
            problems.add(ErrorCode.CONFIG_SYNTAX, place(file, content, e), "not valid YAML: " + reason(e) + ADVICE);
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e); // the input is in memory
        }
    }

    /** Reads the node at the current token, which must exist. Afterwards the parser is at the node's last token. */
    private YamlNode node() throws IOException {
        JsonLocation here = here();
        if (parser.isCurrentAlias()) {
            problem(here, "aliases (*) are not supported; write the value itself, in quotes if it begins with *");
            return new YamlNode.Refused(here.getLineNr(), here.getColumnNr());
        }
        if (parser.getTypeId() != null) {
            problem(here, "tags (!) are not supported; write only the value, in quotes if it begins with !");
        }
        int line = here.getLineNr();
        int column = here.getColumnNr();
        JsonToken token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> mapping(here);
            case START_ARRAY -> {
                List<YamlNode> elements = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    elements.add(node());
                }
                yield new YamlNode.Sequence(elements, line, column);
            }
            case VALUE_NULL -> new YamlNode.Empty(line, column);
            default -> new YamlNode.Scalar(parser.getText(), line, column);
        };
    }

    private YamlNode.Mapping mapping(JsonLocation start) throws IOException {
        List<YamlNode.Entry> entries = new ArrayList<>();
        Map<String, Integer> lines = new HashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            JsonLocation at = here();
            parser.nextToken();
            YamlNode value = node();
            Integer first = lines.putIfAbsent(key, at.getLineNr());
            if (first == null) {
                entries.add(new YamlNode.Entry(key, at.getLineNr(), at.getColumnNr(), value));
            } else {
                problem(
                        at,
                        "key " + SettingReader.quote(key) + " is used twice, first in line " + first
                                + "; write it once");
            }
        }
        return new YamlNode.Mapping(entries, start.getLineNr(), start.getColumnNr());
    }

    private JsonLocation here() {
        return parser.currentTokenLocation();
    }

    private void problem(JsonLocation at, String message) {
        problems.add(ErrorCode.CONFIG_SYNTAX, Place.file(file, at.getLineNr(), at.getColumnNr()), message);
    }

    /** Returns the parser's own mark if it has one: Jackson's location is that of the token before. */
    private static Place place(String file, String content, JsonProcessingException e) {
        if (e.getCause() instanceof MarkedYAMLException marked && marked.getProblemMark() != null) {
            var mark = marked.getProblemMark();
            return Place.file(file, mark.getLine() + 1, mark.getColumn() + 1);
        }
        if (e.getCause() instanceof ReaderException character) {
            return place(file, content, character.getPosition());
        }
        JsonLocation at = e.getLocation();
        return at == null ? Place.file(file, 1, 1) : Place.file(file, at.getLineNr(), at.getColumnNr());
    }

    private static Place place(String file, String content, int characters) {
        int end = content.offsetByCodePoints(0, Math.min(characters, content.codePointCount(0, content.length())));
        String before = content.substring(0, end);
        int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
        return Place.file(file, line, end - before.lastIndexOf('\n'));
    }

    /** Returns the reason without the parser's excerpt of the file, which may contain a password. */
    private static String reason(JsonProcessingException e) {
        if (e.getCause() instanceof MarkedYAMLException marked && marked.getProblem() != null) {
            String context = marked.getContext() == null ? "" : marked.getContext() + ": ";
            return context + marked.getProblem();
        }
        String text = String.valueOf(e.getOriginalMessage());
        return text.startsWith("Expected a field name")
                ? "a key must be a plain text"
                : text.lines().findFirst().orElse("");
    }
}
