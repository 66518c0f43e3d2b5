package io.pgcdc.connect.config;

import io.pgcdc.error.CdcException;
import io.pgcdc.setting.Problem;
import io.pgcdc.setting.Problems;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/** Says in the words of properties what the engine says in those of a file or of the command line. */
public final class Wording {

    /** The longer ones first: some are a part of others. */
    private static final Map<String, String> WORDS = words();

    private Wording() {}

    /** Returns the message with properties in place of flags and keys. */
    public static String of(String message) {
        String worded = message.replaceFirst("^sink \"", "connector \"");
        for (Map.Entry<String, String> word : WORDS.entrySet()) {
            worded = worded.replace(word.getKey(), word.getValue());
        }
        return worded;
    }

    /** Returns code and message of an error, for a task's status and log. */
    public static String of(CdcException e) {
        return e.code() + " " + of(String.valueOf(e.getMessage()));
    }

    /** Returns the problems, each once: sources share properties. */
    static List<Problem> of(Problems problems) {
        LinkedHashSet<Problem> worded = new LinkedHashSet<>();
        for (Problem problem : problems.list()) {
            worded.add(new Problem(problem.code(), problem.origin(), of(problem.message())));
        }
        return List.copyOf(worded);
    }

    private static Map<String, String> words() {
        Map<String, String> words = new LinkedHashMap<>();
        words.put("add create_slot: true (--create-slot)", "add source.create_slot=true");
        words.put("add create_publication: true (--create-publication)", "add source.create_publication=true");
        words.put("the queue ends at", "the connector's offset stands at");
        words.put(
                "start with --create-slot --accept-gap",
                "stop the connector, delete its offsets (DELETE /connectors/NAME/offsets), and set source.create_slot=true");
        words.put(
                "start with --accept-gap",
                "stop the connector and delete its offsets (DELETE /connectors/NAME/offsets)");
        words.put(
                "--accept-gap continues on the older timeline",
                "without the connector's offsets, it continues on the older timeline");
        words.put("the URL, PGPASSWORD, .pgpass or password_command", "source.password, or by source.password_command");
        words.put("sink connect ", "the connector ");
        words.put(" and --queue-dir", "");
        words.put("--create-slot", "source.create_slot=true");
        words.put("--create-publication", "source.create_publication=true");
        words.put("--publication", "source.publications");
        words.put("--slot", "source.slot");
        words.put("--table", "source.publication_tables");
        words.put("mask_salt: ${env:MASK_SALT}", "mask_salt=${env:MASK_SALT}");
        words.put("format: ", "format=");
        return words;
    }
}
