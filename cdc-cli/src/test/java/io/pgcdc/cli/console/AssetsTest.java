package io.pgcdc.cli.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.cli.http.Answer;
import io.pgcdc.cli.http.HttpRequest;
import io.pgcdc.cli.http.Page;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The console's files. */
class AssetsTest {

    private static final Path FOLDER = Path.of("src/main/resources/io/pgcdc/cli/console");
    private static final Pattern LINK = Pattern.compile("(?:href|src)=\"(/[^\"]*)\"|from '\\./([^']*)'");

    private static String content(Page page, String path) throws Exception {
        Answer answer = page.read(new HttpRequest(path, Map.of(), null, null, true));
        assertEquals(200, answer.status());
        assertTrue(
                answer.headers().getOrDefault("Content-Security-Policy", "").startsWith("default-src 'none';"), path);
        return new String(((Answer.Whole) answer.body()).bytes(), StandardCharsets.UTF_8);
    }

    @Test
    void eachFileIsServedAndNeeded() throws Exception {
        Map<String, Page> pages = Assets.byPath();
        Set<String> linked = new TreeSet<>(Set.of("/"));
        for (Map.Entry<String, Page> page : pages.entrySet()) {
            Matcher links = LINK.matcher(content(page.getValue(), page.getKey()));
            while (links.find()) {
                linked.add(links.group(1) == null ? "/console/" + links.group(2) : links.group(1));
            }
        }
        assertEquals(linked, new TreeSet<>(pages.keySet()));
        try (Stream<Path> files = Files.list(FOLDER)) {
            assertEquals(files.count(), pages.size());
        }
    }

    /** The policy forbids it, and a page that asks others tells them of its reader. */
    @Test
    void nothingIsInlineOrFromElsewhere() throws Exception {
        for (Map.Entry<String, Page> page : Assets.byPath().entrySet()) {
            String content = content(page.getValue(), page.getKey())
                    .replace("http://www.w3.org/2000/svg", "")
                    .replace("http://www.w3.org/1999/xhtml", "");
            assertFalse(content.matches("(?s).*(https?://|\\son[a-z]+=|style=\"|innerHTML|eval\\().*"), page.getKey());
        }
    }
}
