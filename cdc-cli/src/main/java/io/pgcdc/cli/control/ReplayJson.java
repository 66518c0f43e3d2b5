package io.pgcdc.cli.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgcdc.delivery.ReplayPlan;

/** The answer to a request for a replay (docs/reference/control.md). */
final class ReplayJson {

    private ReplayJson() {}

    static void put(ObjectNode answer, ReplayPlan plan) {
        answer.put("from", plan.from().toString());
        answer.put("until", plan.until().toString());
        answer.put("complete", plan.complete());
        plan.tables().forEach(answer.putArray("tables")::add);
        plan.emptied().forEach(answer.putArray("emptied")::add);
        answer.put("meaning", plan.meaning());
    }
}
