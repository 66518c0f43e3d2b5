package io.pgcdc.cli.console;

import io.pgcdc.cli.http.Answer;
import io.pgcdc.cli.http.HttpRequest;
import io.pgcdc.cli.http.Page;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The console's files. They are the same in every process, so that they are sent without a token. Any thread. */
public final class Assets {

    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final List<String> FILES = List.of(
            "advice.js",
            "amounts.js",
            "chart.js",
            "charts.js",
            "connection.js",
            "console.css",
            "dom.js",
            "edges.js",
            "flow.js",
            "header.js",
            "history.js",
            "icon.svg",
            "main.js",
            "net.js",
            "problems.js",
            "record.js",
            "rows.js",
            "scale.js",
            "sections.css",
            "states.js",
            "stream.js",
            "tables.js",
            "tabs.js",
            "tail.js",
            "wal.js",
            "work.js");

    private Assets() {}

    /** Returns the pages by path. */
    public static Map<String, Page> byPath() {
        Map<String, Page> pages = new LinkedHashMap<>();
        pages.put("/", new Asset("index.html"));
        FILES.forEach(file -> pages.put("/console/" + file, new Asset(file)));
        return pages;
    }

    private record Asset(String file) implements Page {

        @Override
        public Answer read(HttpRequest request) throws IOException {
            try (InputStream content = Assets.class.getResourceAsStream(file)) {
                if (content == null) {
                    throw new FileNotFoundException(file);
                }
                return Answer.of(200, type(), content.readAllBytes())
                        .with("Content-Security-Policy", POLICY)
                        .with("Referrer-Policy", "no-referrer")
                        .with("X-Frame-Options", "DENY");
            }
        }

        private String type() {
            String ending = file.substring(file.lastIndexOf('.') + 1);
            return switch (ending) {
                case "html" -> "text/html; charset=utf-8";
                case "css" -> "text/css; charset=utf-8";
                case "svg" -> "image/svg+xml";
                default -> "text/javascript; charset=utf-8";
            };
        }

        @Override
        public boolean isPublic() {
            return true;
        }
    }
}
