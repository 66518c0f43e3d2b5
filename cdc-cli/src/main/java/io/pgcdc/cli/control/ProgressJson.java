package io.pgcdc.cli.control;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgcdc.cli.progress.Work;
import java.util.List;
import java.util.Locale;

/** Work that takes a while, as JSON. docs/reference/control.md describes it. */
final class ProgressJson {

    private static final double THOUSANDTH = 1e3;

    private ProgressJson() {}

    static ArrayNode of(List<Work> works, ObjectMapper json) {
        ArrayNode all = json.createArrayNode();
        for (Work work : works) {
            ObjectNode node = all.addObject();
            node.put("kind", work.kind().name().toLowerCase(Locale.ROOT));
            node.put("sink", work.sink());
            node.put("share", Math.floor(work.share() * THOUSANDTH) / THOUSANDTH);
            node.put("bytes_done", work.doneBytes());
            node.put("bytes_left", work.leftBytes());
            node.put("bytes_per_second", Math.round(work.bytesPerSecond()));
            node.put("seconds_left_estimated", work.secondsLeft() < 0 ? null : work.secondsLeft());
        }
        return all;
    }
}
