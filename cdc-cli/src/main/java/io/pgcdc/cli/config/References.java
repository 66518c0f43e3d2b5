package io.pgcdc.cli.config;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.setting.Place;
import io.pgcdc.setting.Problems;
import io.pgcdc.setting.SettingReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Replaces an {@code env} or {@code file} reference by its value. A reference is a dollar sign and, in braces, {@code env:NAME} or
 * {@code file:/path}. Two dollar signs before a brace mean one dollar sign and the brace. Values are not searched for references.
 * One newline at the end of a file is dropped, because editors add it.
 */
final class References {

    private static final String FILE = "file:";

    /** A secret is short: a larger file is a mistake. */
    private static final int MAX_FILE_BYTES = 65_536;

    /** Placeholders that a setting itself replaces, for each change. */
    private static final Set<String> PLACEHOLDERS = Set.of("prefix", "schema", "table", "aggregate_type", "event_type");

    private final Environment environment;
    private final Problems problems;

    References(Environment environment, Problems problems) {
        this.environment = environment;
        this.problems = problems;
    }

    /** Returns true if the text has a reference to a file. Its content may change. */
    static boolean nameFile(String text) {
        return text.contains("${" + FILE);
    }

    /** @param referenced true if a value was inserted: such a text is never shown */
    record Resolved(String text, boolean referenced) {}

    /** Returns null if a reference could not be resolved. The problem is then added. */
    @Nullable
    Resolved resolve(String text, Place origin) {
        StringBuilder out = new StringBuilder();
        boolean referenced = false;
        boolean failed = false;
        int at = 0;
        for (int open = text.indexOf("${"); open >= 0; open = text.indexOf("${", at)) {
            if (open > at && text.charAt(open - 1) == '$') {
                out.append(text, at, open - 1).append("${");
                at = open + 2;
                continue;
            }
            out.append(text, at, open);
            int close = text.indexOf('}', open);
            if (close < 0) {
                problem(origin, "${ is not closed; write ${env:NAME} or ${file:/path}, and $${ for ${ itself");
                return null;
            }
            String reference = text.substring(open + 2, close);
            if (PLACEHOLDERS.contains(reference)) {
                out.append(text, open, close + 1);
                at = close + 1;
                continue;
            }
            String value = value(reference, origin);
            failed |= value == null;
            out.append(value);
            referenced = true;
            at = close + 1;
        }
        return failed ? null : new Resolved(out.append(text.substring(at)).toString(), referenced);
    }

    private @Nullable String value(String reference, Place origin) {
        String shown = SettingReader.quote("${" + reference + "}");
        if (reference.startsWith("env:")) {
            String name = reference.substring("env:".length());
            String value = environment.variables().get(name);
            if (value == null) {
                problem(origin, shown + ": the variable is not set; set it or write the value");
            }
            return value;
        }
        if (reference.startsWith(FILE)) {
            return file(reference.substring(FILE.length()), shown, origin);
        }
        problem(origin, shown + " is unknown; write ${env:NAME} or ${file:/path}, and $${ for ${ itself");
        return null;
    }

    private @Nullable String file(String name, String shown, Place origin) {
        try {
            Path path = environment.directory().resolve(name);
            if (!Files.exists(path)) {
                problem(origin, shown + ": the file does not exist; create it or correct the path");
            } else if (!Files.isRegularFile(path) || Files.size(path) > MAX_FILE_BYTES) {
                problem(origin, shown + ": not a file of at most " + MAX_FILE_BYTES + " bytes; correct the path");
            } else {
                return Files.readString(path).replaceFirst("\\r?\\n\\z", "");
            }
        } catch (CharacterCodingException e) {
            problem(origin, shown + ": the file is not UTF-8; save it as UTF-8");
        } catch (IOException | InvalidPathException e) {
            problem(origin, shown + ": the file cannot be read; give this user read permission or correct the path");
        }
        return null;
    }

    private void problem(Place origin, String message) {
        problems.add(ErrorCode.CONFIG_SECRET_UNRESOLVED, origin, message);
    }
}
