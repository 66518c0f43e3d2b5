package io.pgcdc.setting;

import io.pgcdc.error.ConfigException;
import io.pgcdc.error.ErrorCode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects all problems of a configuration, so that the user sees them at once. For one thread. */
public final class Problems {

    private final List<Problem> found = new ArrayList<>();

    /** Returns how many problems were added. */
    public int size() {
        return found.size();
    }

    /** Creates it without problems. */
    public Problems() {}

    public void add(ErrorCode code, Place origin, String message) {
        found.add(new Problem(code, origin, message));
    }

    public int count() {
        return found.size();
    }

    /** Returns the problems in reading order: flags, environment, then the file from top to bottom. */
    public List<Problem> list() {
        return found.stream().sorted(Comparator.comparing(Problem::origin)).toList();
    }

    /**
     * @throws ConfigException if there are problems. Its first line has their number, then one line follows for each. Its code is
     *     that of the first
     */
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
        throw new ConfigException(
                problems.get(0).code(),
                text.toString(),
                problems.stream().map(Problem::finding).toList());
    }
}
