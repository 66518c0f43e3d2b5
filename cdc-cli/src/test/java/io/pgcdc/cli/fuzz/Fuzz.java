package io.pgcdc.cli.fuzz;

import io.pgcdc.error.CdcException;
import io.pgcdc.error.ConfigException;
import io.pgcdc.error.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Plays damaged texts against an edge. The only legal ends of each are success and a {@link CdcException} that is no defect of ours and is fit
 * to be shown. Each input has a seed of its own: {@code -Dpgcdc.seed} plays it again, as the first one.
 */
public final class Fuzz {

    private static final int MOST_FAULTS = Integer.getInteger("pgcdc.faults", 1);

    /** More CPU time than any input may take. */
    private static final long MOST_CPU_MS = 2_000;

    private static final long HANG_S = 120;

    /** The longest line that a message may have. It repeats 40 characters of a value, or a path, and may list names. */
    private static final int LONGEST_LINE = 6_000;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final String edge;
    private final List<String> seeds;
    private final Taker taker;
    private final long seed = Long.getLong("pgcdc.seed", System.nanoTime());
    private volatile String current = "";
    private int accepted;
    private int refused;

    private Fuzz(String edge, List<String> seeds, Taker taker) {
        this.edge = edge;
        this.seeds = List.copyOf(seeds);
        this.taker = taker;
    }

    /** Takes an input, as the product does. */
    public interface Taker {

        /**
         * @param random for all that the text alone does not decide
         * @throws CdcException if it is refused
         */
        void take(String input, Random random) throws Exception;
    }

    /**
     * Plays damaged seeds.
     *
     * @param edge for messages
     * @param seeds valid inputs
     * @throws AssertionError with seed and input, if one has another end, or takes too long; or if all or none are refused
     */
    public static void play(String edge, List<String> seeds, int count, Taker taker) throws Exception {
        Fuzz fuzz = new Fuzz(edge, seeds, taker);
        FutureTask<Void> work = new FutureTask<>(() -> fuzz.play(count), null);
        Thread thread = new Thread(work, "fuzz " + edge);
        thread.setDaemon(true);
        thread.start();
        await(fuzz, work, thread);
        System.out.println("Fuzz of " + edge + ", seed " + fuzz.seed + ": " + fuzz.accepted + " accepted, "
                + fuzz.refused + " refused");
        if (count >= seeds.size() * 4 && (fuzz.accepted == 0 || fuzz.refused == 0)) {
            throw new AssertionError(edge + ": " + fuzz.accepted + " accepted, " + fuzz.refused + " refused");
        }
    }

    private static void await(Fuzz fuzz, FutureTask<Void> work, Thread thread) throws Exception {
        while (true) {
            String before = fuzz.current;
            try {
                work.get(HANG_S, TimeUnit.SECONDS);
                return;
            } catch (TimeoutException e) {
                if (before.equals(fuzz.current)) {
                    AssertionError hang = new AssertionError("hangs: " + before, e);
                    hang.setStackTrace(thread.getStackTrace());
                    throw hang;
                }
            } catch (ExecutionException e) {
                throw e.getCause() instanceof AssertionError error ? error : new AssertionError(e.getCause());
            }
        }
    }

    private void play(int count) {
        int faults = 0;
        AssertionError first = null;
        for (int i = 0; i < count; i++) {
            Random random = new Random(seed + i);
            String input = new TextDamage(random).of(seeds.get(random.nextInt(seeds.size())), seeds);
            current = edge + ", -Dpgcdc.seed=" + (seed + i) + ", input:\n" + printable(input);
            try {
                one(input, random);
            } catch (AssertionError e) {
                first = first == null ? e : first;
                if (++faults >= MOST_FAULTS) {
                    break;
                }
                System.out.println(e.getMessage() + "\n  " + e.getCause());
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private void one(String input, Random random) {
        long begin = THREADS.getCurrentThreadCpuTime();
        try {
            taker.take(input, random);
            accepted++;
        } catch (CdcException e) {
            refused++;
            String unfit = unfit(e.code(), e.describe());
            if (unfit != null) {
                throw new AssertionError(unfit + "; " + current, e);
            }
        } catch (Exception | Error e) {
            throw new AssertionError(e + "; " + current, e);
        }
        long ms = TimeUnit.NANOSECONDS.toMillis(THREADS.getCurrentThreadCpuTime() - begin);
        if (ms > MOST_CPU_MS) {
            throw new AssertionError("took " + ms + " ms of CPU time; " + current);
        }
    }

    /** Requires that a command succeeded silently, or printed an error that is fit to be shown. */
    public static void requireFit(int exitCode, String stderr) {
        ErrorCode code = Arrays.stream(ErrorCode.values())
                .filter(known -> stderr.startsWith(known + " "))
                .findFirst()
                .orElse(null);
        if (code == null) {
            if (!stderr.isEmpty() || exitCode != 0) {
                throw new AssertionError("exit code " + exitCode + " without an error: " + printable(stderr));
            }
            return;
        }
        throw new ConfigException(code, stderr.strip().substring(code.toString().length() + 1));
    }

    /** Returns the text as bytes. Half a pair of surrogates becomes bytes that are not UTF-8. */
    public static byte[] utf8(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        text.codePoints().forEach(c -> {
            byte[] encoded = Character.getType(c) == Character.SURROGATE
                    ? new byte[] {(byte) 0xED, (byte) (0x80 | ((c >> 6) & 0x3F)), (byte) (0x80 | (c & 0x3F))}
                    : Character.toString(c).getBytes(StandardCharsets.UTF_8);
            bytes.writeBytes(encoded);
        });
        return bytes.toByteArray();
    }

    /** Returns why an error must not be shown like this; null if it may. */
    public static @Nullable String unfit(ErrorCode code, String said) {
        if (code == ErrorCode.INTERNAL) {
            return "a defect: " + printable(said);
        }
        if (said.contains("\tat ") || said.contains("Exception")) {
            return "a trace of our code: " + printable(said);
        }
        if (said.codePoints().anyMatch(Fuzz::isUnprintable)) {
            return "not printable: " + printable(said);
        }
        if (said.lines().anyMatch(line -> line.length() > LONGEST_LINE)) {
            return "a line of " + said.lines().mapToInt(String::length).max().getAsInt() + " characters";
        }
        if (said.lines().noneMatch(line -> line.matches("(?s).*CDC-\\d{3} .*[;.?].*"))) {
            return "no remedy: " + printable(said);
        }
        return null;
    }

    /** A terminal does something else with it than to show it. */
    private static boolean isUnprintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL -> c != '\n' && c != '\t';
            case Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE -> true;
            default -> false;
        };
    }

    /** Returns the text as a Java literal has it, shortened. */
    private static String printable(String text) {
        StringBuilder out = new StringBuilder();
        text.chars().limit(4_000).forEach(c -> {
            if (c == '\n' || (c >= ' ' && c < 0x7f)) {
                out.append((char) c);
            } else {
                out.append(String.format("\\u%04x", c));
            }
        });
        return text.length() > 4_000 ? out + "… (" + text.length() + " characters)" : out.toString();
    }
}
