package io.pgcdc.cli;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScrapesTest {

    @TempDir
    Path directory;

    /** Prometheus would otherwise answer with the value before, for five minutes. */
    @Test
    void aValueThatIsNotKnownAnyMoreIsNone() throws Exception {
        Promtool.path(); // skipped where it is not
        Scrapes scrapes = new Scrapes();
        scrapes.add(Map.of("loss{a=\"b\"}", "100"));
        scrapes.expect("count(loss < 200)", Map.of("{}", 1));
        scrapes.add(Map.of("loss{a=\"b\"}", "NaN"));
        scrapes.expect("count(loss < 200)", Map.of());
        scrapes.check(directory);
    }
}
