package io.pgcdc.cli.debezium;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What is said about options that no setting shows. For one thread. */
final class Notes {

    private final Map<String, String> unneeded = new LinkedHashMap<>();
    private final Map<String, String> lacking = new LinkedHashMap<>();
    private final Set<String> variables = new TreeSet<>();

    /** Says that an option, as the file has it, needs no setting. */
    void unneeded(String written, String why) {
        if (!lacking.containsKey(written)) {
            unneeded.put(written, why);
        }
    }

    /** Says that an option is not taken over. This counts more than that it needs no setting. */
    void lacking(String written, String instead) {
        unneeded.remove(written);
        lacking.put(written, instead);
    }

    void variable(String name) {
        variables.add(name);
    }

    Map<String, String> unneeded() {
        return unneeded;
    }

    Map<String, String> lacking() {
        return lacking;
    }

    /** Returns the variables that the result reads. */
    Set<String> variables() {
        return variables;
    }
}
