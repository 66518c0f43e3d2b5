package io.pgcdc.cli.config;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.setting.Given;
import io.pgcdc.setting.Problem;
import io.pgcdc.setting.Problems;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Pairs with a {@code file} reference. Reads the file again each time. Any thread.
 *
 * @param texts the pairs as written, each {@code name=value}, with their references
 */
record ReferencedPairs(Given given, List<String> texts, Environment environment)
        implements Supplier<Map<String, String>> {

    /** @throws SinkException PASSWORD_UNAVAILABLE */
    @Override
    public Map<String, String> get() {
        Problems problems = new Problems();
        References references = new References(environment, problems);
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String text : texts) {
            References.Resolved resolved = references.resolve(text, given.origin());
            if (resolved != null) {
                int equals = resolved.text().indexOf('=');
                pairs.put(resolved.text().substring(0, equals), resolved.text().substring(equals + 1));
            }
        }
        if (problems.count() > 0) {
            Problem first = problems.list().get(0);
            throw new SinkException(
                    ErrorCode.PASSWORD_UNAVAILABLE,
                    given.label() + " cannot be read again: " + first.origin().where() + ": " + first.message());
        }
        return pairs;
    }

    /** The pairs are secrets. */
    @Override
    public String toString() {
        return "referenced pairs";
    }
}
