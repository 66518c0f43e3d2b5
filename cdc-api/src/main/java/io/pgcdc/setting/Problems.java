package io.pgcdc.setting;

import io.pgcdc.error.ConfigException;
import io.pgcdc.error.ErrorCode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects everything that is wrong, so that a user sees it all at once. One thread. */
public final class Problems {

    private final List<Problem> found = new ArrayList<>();

    /** None yet. */
    public Problems() {}

    public void add(ErrorCode code, Place origin, String message) {
        found.add(new Problem(code, origin, message));
    }

    public int count() {
        return found.size();
    }

    /** In reading order: flags, environment, the file from its top. */
    public List<Problem> list() {
        return found.stream().sorted(Comparator.comparing(Problem::origin)).toList();
    }

    /** @throws ConfigException that lists all problems, one a line under a first line with their number; its code is the first one's */
    public void throwIfAny() {
        if (found.isEmpty()) {
            return;
        }
        List<Problem> problems = list();
        StringBuilder text = new StringBuilder()
                .append(problems.size())
                .append(problems.size() == 1 ? " problem" : " problems")
                .append(" in the configuration:");
        for (Problem problem : problems) {
            text.append("\n  ").append(problem);
        }
        throw new ConfigException(problems.get(0).code(), text.toString());
    }
}
