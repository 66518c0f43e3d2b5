package io.pgcdc.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Puts two result files of JMH side by side ({@code -rf csv}). A ratio whose error ranges touch is marked: the two runs do not tell the
 * figures apart.
 */
public final class Compare {

    private static final String HEADER =
            "\"Benchmark\",\"Mode\",\"Threads\",\"Samples\",\"Score\",\"Score Error (99.9%)\",\"Unit\"";
    /** Behind these columns stand the parameters, empty where a benchmark has not that one. */
    private static final int FIXED_COLUMNS = 7;

    private static final String PACKAGE = Compare.class.getPackageName() + ".";

    /** One line of a result file. */
    record Result(double score, double error, String unit) {

        boolean touches(Result other) {
            return Math.abs(score - other.score) <= error + other.error;
        }
    }

    private Compare() {}

    /** Takes the names of two files: before, after. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            System.err.println("usage: java -cp benchmarks.jar " + Compare.class.getName() + " before.csv after.csv");
            System.exit(2);
        }
        try {
            print(read(Path.of(arguments[0])), read(Path.of(arguments[1])), System.out);
        } catch (NoSuchFileException e) {
            System.err.println("no such file: " + e.getFile());
            System.exit(2);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }

    /** Figures by benchmark's name, in the file's order; of the GC profiler's the bytes an operation. */
    static Map<String, Result> read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        if (lines.isEmpty() || !lines.get(0).startsWith(HEADER)) {
            throw new IllegalArgumentException(
                    file + " is no result file of JMH. Run the benchmarks with -rf csv -rff FILE.");
        }
        Map<String, Result> results = new LinkedHashMap<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] fields = line.replace("\"", "").split(",", -1);
            String name = fields[0]
                    .replace(PACKAGE, "")
                    .replace("Benchmark.", ".")
                    .replace(":gc.alloc.rate.norm", " (bytes)");
            if (!name.contains(":")) {
                for (int i = FIXED_COLUMNS; i < fields.length; i++) {
                    name += fields[i].isEmpty() ? "" : " " + fields[i];
                }
                results.put(name, new Result(number(fields[4]), number(fields[5]), fields[6]));
            }
        }
        return results;
    }

    /** One sample has no error. */
    private static double number(String text) {
        double value = Double.parseDouble(text);
        return Double.isNaN(value) ? 0 : value;
    }

    static void print(Map<String, Result> before, Map<String, Result> after, PrintStream out) {
        List<String> names = new ArrayList<>(before.keySet());
        after.keySet().stream().filter(name -> !before.containsKey(name)).forEach(names::add);
        out.printf(Locale.ROOT, "%-46s %9s %9s %7s%n", "", "before", "after", "ratio");
        for (String name : names) {
            Result left = before.get(name);
            Result right = after.get(name);
            String ratio = "";
            if (left != null && right != null && left.score() > 0) {
                ratio = String.format(
                        Locale.ROOT, "%7.2f%s", right.score() / left.score(), left.touches(right) ? " ~" : "");
            }
            Result any = left == null ? right : left;
            out.printf(
                    Locale.ROOT,
                    "%-46s %9s %9s %s %s%n",
                    name,
                    score(left),
                    score(right),
                    any == null ? "" : any.unit(),
                    ratio);
        }
        out.println("~ the error ranges touch: not told apart");
    }

    private static String score(@org.jspecify.annotations.Nullable Result result) {
        return result == null ? "-" : String.format(Locale.ROOT, "%.2f", result.score());
    }
}
