package io.pgcdc.testkit.sink;

import static org.junit.jupiter.api.Assertions.fail;

import io.pgcdc.testkit.sink.FaultyTarget.Received;
import java.util.List;

/** Compares the expected changes with those that arrived. A failure names the first difference only. */
final class Histories {

    private static final int SHOWN = 300;

    private Histories() {}

    /** @param when for the message */
    static void assertSame(List<Received> expected, List<Received> actual, String when) {
        int at = 0;
        while (at < expected.size() && at < actual.size() && expected.get(at).equals(actual.get(at))) {
            at++;
        }
        if (at < expected.size() || at < actual.size()) {
            fail(when + ": expected " + expected.size() + " changes, and found " + actual.size()
                    + ". The first difference is at number " + (at + 1) + ": expected " + shown(expected, at)
                    + ", and found " + shown(actual, at));
        }
    }

    private static String shown(List<Received> history, int at) {
        if (at >= history.size()) {
            return "nothing";
        }
        String text = history.get(at).toString();
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    }
}
