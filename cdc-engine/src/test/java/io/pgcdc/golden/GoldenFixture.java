package io.pgcdc.golden;

import java.util.ArrayList;
import java.util.List;

/**
 * A script that a capture is recorded from.
 *
 * <pre>
 *   -- comments, anywhere
 *   -- since: 15            when older servers do not know what it does
 *   CREATE TABLE ...        before the slot exists; makes publication "golden" if it is not to be FOR ALL TABLES
 *   -- capture
 *   INSERT ...              recorded
 * </pre>
 *
 * A statement ends with a semicolon at the end of a line.
 *
 * @param since oldest major version that can run it
 * @param steps what is recorded: single statements, and transactions from BEGIN to COMMIT or ROLLBACK
 */
public record GoldenFixture(String name, int since, List<String> setup, List<List<String>> steps) {

    /** The name of the publication that is captured. */
    public static final String PUBLICATION = "golden";

    private static final String SINCE = "-- since: ";
    private static final String CAPTURE = "-- capture";
    private static final int OLDEST = 14;

    /** @throws IllegalArgumentException when nothing is to be recorded, or a statement does not end */
    public static GoldenFixture parse(String name, String text) {
        int since = OLDEST;
        boolean capturing = false;
        List<String> setup = new ArrayList<>();
        List<String> captured = new ArrayList<>();
        StringBuilder statement = new StringBuilder();
        for (String line : text.lines().toList()) {
            if (line.startsWith(SINCE)) {
                since = Integer.parseInt(line.substring(SINCE.length()));
            } else if (line.equals(CAPTURE)) {
                capturing = true;
            } else if (!line.startsWith("--") && !line.isBlank()) {
                statement.append(line).append('\n');
                if (line.endsWith(";")) {
                    (capturing ? captured : setup).add(statement.substring(0, statement.length() - 2));
                    statement.setLength(0);
                }
            }
        }
        if (captured.isEmpty() || !statement.isEmpty()) {
            throw new IllegalArgumentException(name + ".sql: no line \"" + CAPTURE + "\", or an unfinished statement");
        }
        return new GoldenFixture(name, since, List.copyOf(setup), steps(captured));
    }

    private static List<List<String>> steps(List<String> statements) {
        List<List<String>> steps = new ArrayList<>();
        List<String> step = new ArrayList<>();
        boolean inTransaction = false;
        for (String statement : statements) {
            step.add(statement);
            if (statement.equals("BEGIN")) {
                inTransaction = true;
            } else if (statement.equals("COMMIT") || statement.equals("ROLLBACK")) {
                inTransaction = false;
            }
            if (!inTransaction) {
                steps.add(step);
                step = new ArrayList<>();
            }
        }
        if (inTransaction) {
            throw new IllegalArgumentException("a transaction does not end: " + step);
        }
        return steps;
    }

    public boolean runsOn(int majorVersion) {
        return majorVersion >= since;
    }
}
