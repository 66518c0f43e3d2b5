package io.pgcdc.cli.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/** The status of several pipelines as one. No state. */
public final class GroupStatus {

    private static final String HEALTH = "health";

    private GroupStatus() {}

    /** Returns {@code {"health": …, "pipelines": […]}}. The whole is down if all are, and degraded if one is not healthy. */
    public static ObjectNode of(List<? extends JsonNode> each) {
        ObjectNode group = JsonNodeFactory.instance.objectNode();
        group.put(HEALTH, grade(each).name().toLowerCase(Locale.ROOT));
        ArrayNode pipelines = group.putArray("pipelines");
        each.forEach(pipelines::add);
        return group;
    }

    private static Health.Grade grade(List<? extends JsonNode> each) {
        long healthy = count(each, Health.Grade.HEALTHY);
        if (healthy == each.size()) {
            return Health.Grade.HEALTHY;
        }
        return count(each, Health.Grade.DOWN) == each.size() ? Health.Grade.DOWN : Health.Grade.DEGRADED;
    }

    private static long count(List<? extends JsonNode> each, Health.Grade grade) {
        return each.stream()
                .filter(one -> one.path(HEALTH).asText().equalsIgnoreCase(grade.name()))
                .count();
    }
}
