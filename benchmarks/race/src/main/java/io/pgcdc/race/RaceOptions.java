package io.pgcdc.race;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that races share, as a mixin. */
final class RaceOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--server",
            paramLabel = "URL",
            description = "A server to use, superuser, wal_level = logical; the schema \"race\" in"
                    + " its database is dropped. Default: one from the embedded binaries.")
    private @Nullable String server;

    @Option(
            names = "--version-of-server",
            paramLabel = "N",
            defaultValue = "18",
            description = "Of the embedded one: 14 to 18; ${DEFAULT-VALUE}.")
    private int version;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "3", description = "Readings each; ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(
            names = "--cdc",
            paramLabel = "FILE",
            defaultValue = "./cdc",
            description = "The command to race; ${DEFAULT-VALUE}.")
    private Path launcher = Path.of("cdc");

    int rounds() {
        return rounds;
    }

    Path launcher() {
        return launcher.toAbsolutePath();
    }

    boolean isServerGiven() {
        return server != null;
    }

    RaceServer server() throws SQLException {
        try {
            return server == null ? RaceServer.embedded(version) : RaceServer.given(server);
        } catch (IllegalArgumentException e) {
            throw bad(String.valueOf(e.getMessage()));
        }
    }

    /** "PostgreSQL" and its version. */
    static String version(RaceServer of) throws SQLException {
        try (Connection connection = of.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW server_version")) {
            row.next();
            return "PostgreSQL " + row.getString(1).split(" ")[0];
        }
    }

    /** Those that can take part. */
    static List<Contestant> present(List<String> names, Function<String, Contestant> contestant) {
        List<Contestant> present = new ArrayList<>();
        for (String name : names) {
            Contestant named = contestant.apply(name);
            if (named.isPresent()) {
                present.add(named);
            } else {
                System.err.println(named.label() + " is not here, and does not take part");
            }
        }
        return present;
    }

    CommandLine.ParameterException bad(String message) {
        return new CommandLine.ParameterException(spec.commandLine(), message);
    }
}
