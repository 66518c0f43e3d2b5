package io.pgcdc.race;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A reader written for the race, in a JVM of its own: it counts while it drains, and says so at the end. */
final class JvmContestant implements Contestant {

    private final String label;
    private final String version;
    private final Class<?> main;
    private final List<String> options;

    JvmContestant(String label, String version, Class<?> main, String... options) {
        this.label = label;
        this.version = version;
        this.main = main;
        this.options = List.of(options);
    }

    /** Reads through pgjdbc, and counts. */
    static JvmContestant reader(Class<?> main) {
        return new JvmContestant("counting reader", "pgjdbc " + org.postgresql.util.DriverInfo.DRIVER_VERSION, main);
    }

    static JvmContestant debezium(Class<?> main) {
        return new JvmContestant(
                "Debezium engine",
                "Debezium "
                        + io.debezium.engine.DebeziumEngine.class.getPackage().getImplementationVersion(),
                main,
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error");
    }

    @Override
    public String label() {
        return label;
    }

    @Override
    public String version() {
        return version;
    }

    @Override
    public boolean isPresent() {
        return true;
    }

    @Override
    public List<String> drain(Lap lap, Path directory) {
        return command(lap, lap.endLsn());
    }

    @Override
    public List<String> follow(Lap lap, Path directory) {
        return command(lap, "beats");
    }

    private List<String> command(Lap lap, String until) {
        RaceServer server = lap.server();
        List<String> arguments = new ArrayList<>(List.of(
                server.host(),
                Integer.toString(server.port()),
                server.database(),
                server.user(),
                lap.slot(),
                lap.publication(),
                until));
        return Programs.java(main, options, arguments);
    }

    @Override
    public Seen check(Path stdout, Path stderr) {
        try {
            String[] counts = Files.readString(stdout).strip().split(" ");
            return new Seen(Long.parseLong(counts[0]), Long.parseLong(counts[1]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean showsBeats() {
        return true;
    }
}
