package io.pgcdc.race;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** What the kernel says of processes (Linux, proc(5)). */
final class Proc {

    /** Ticks a second of the times in /proc; 100 on every Linux in use. */
    private static final double TICKS = 100;

    // fields of /proc/PID/stat after the command's name
    private static final int OWN_USER = 11;
    private static final int OWN_SYSTEM = 12;
    private static final int CHILDREN_USER = 13;
    private static final int CHILDREN_SYSTEM = 14;

    // fields of the first line of /proc/stat
    private static final int IDLE = 4;
    private static final int WAITING_FOR_DISK = 5;

    /** The beginning of the names that the JVM gives its compilers' threads. */
    private static final Pattern COMPILER = Pattern.compile("\\(C[12] Compiler");

    private Proc() {}

    /** CPU time of all the children of this process that have ended. */
    static double endedChildrenSeconds() {
        String[] fields = stat("self");
        return fields.length == 0 ? 0 : sum(fields, CHILDREN_USER, CHILDREN_SYSTEM);
    }

    /** CPU time of a process so far; negative when it is gone. */
    static double cpuSeconds(long pid) {
        String[] fields = stat(Long.toString(pid));
        return fields.length == 0 ? -1 : sum(fields, OWN_USER, OWN_SYSTEM);
    }

    /** Returns the CPU seconds that the compiler threads of a JVM have taken so far; 0 if it is gone. */
    static double compilerSeconds(long pid) {
        double seconds = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "task"))) {
            for (Path thread : threads) {
                String text = read(thread.resolve("stat"));
                if (COMPILER.matcher(text).find()) {
                    seconds += sum(fields(text), OWN_USER, OWN_SYSTEM);
                }
            }
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return seconds;
    }

    /** CPU time that all processes, and the kernel, have taken since the machine started. */
    static double busySeconds() {
        String[] fields =
                read(Path.of("/proc/stat")).lines().findFirst().orElse("").split(" +");
        long busy = 0;
        for (int i = 1; i < fields.length; i++) {
            busy += i == IDLE || i == WAITING_FOR_DISK ? 0 : Long.parseLong(fields[i]);
        }
        return busy / TICKS;
    }

    static long anonBytes(long pid) {
        return statusKilobytes(pid, "RssAnon:") * 1024;
    }

    static long peakBytes(long pid) {
        return statusKilobytes(pid, "VmHWM:") * 1024;
    }

    /** Whether that is a process of PostgreSQL's that sends WAL, as it calls itself. */
    static boolean isWalsender(long pid) {
        return read(Path.of("/proc", Long.toString(pid), "cmdline")).contains("walsender");
    }

    /** The last lines of a log. */
    static String tail(Path file) {
        try {
            List<String> lines = Files.readAllLines(file);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static double sum(String[] fields, int user, int system) {
        return (Long.parseLong(fields[user]) + Long.parseLong(fields[system])) / TICKS;
    }

    private static String[] stat(String pid) {
        String text = read(Path.of("/proc", pid, "stat"));
        return text.isEmpty() ? new String[0] : fields(text);
    }

    /** Returns the fields after the command's name. */
    private static String[] fields(String text) {
        return text.substring(text.lastIndexOf(')') + 2).split(" ");
    }

    private static long statusKilobytes(long pid, String key) {
        return read(Path.of("/proc", Long.toString(pid), "status"))
                .lines()
                .filter(line -> line.startsWith(key))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElse(0);
    }

    /** Empty when the process is gone. */
    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).contains("No such process")) {
                return "";
            }
            throw new UncheckedIOException(e);
        }
    }
}
