package io.pgcdc.address;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.setting.SettingType;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs a program for each login. The first line of its standard output is the password. Made for tokens with a short life, such as those of
 * Amazon's and Google's IAM. No shell is involved. Any thread.
 *
 * @param words the program and its arguments, which may be secret
 */
public record PasswordCommand(List<String> words) implements Password {

    /** The type of the setting: the program and its arguments. */
    public static final SettingType<List<String>> WORDS = new SettingType<>(
            "command", "a program and its arguments", SettingType.Shape.LIST, PasswordCommand::checked);

    public static final String DOC =
            "A program whose first line of standard output is the password, as a list: `[aws, rds,"
                    + " generate-db-auth-token, …]`. It runs at each login, without a shell, for as long as connect_timeout at most. PGHOST,"
                    + " PGPORT, PGUSER and PGDATABASE tell it which login. Replaces every other password.";

    /** A password is short, and an error shows the first lines only. */
    private static final int MAX_BYTES = 65_536;

    private static final int SHOWN = 300;
    private static final String DEFAULT_TIMEOUT_S = "10";

    public PasswordCommand {
        words = List.copyOf(words);
    }

    /** Returns the address with the command as its password; unchanged if there is no command. */
    public static ServerAddress of(@Nullable List<String> words, ServerAddress address) {
        return words == null ? address : address.with(new PasswordCommand(words));
    }

    private static List<String> checked(List<String> words) {
        String program = words.isEmpty() ? "" : words.get(0);
        if (program.isBlank() || program.chars().anyMatch(Character::isWhitespace)) {
            throw new IllegalArgumentException(
                    "a list: [program, argument]; for a shell: [sh, -c, \"program argument\"]");
        }
        return List.copyOf(words);
    }

    @Override
    public String ask(ServerAddress server) {
        long limitMs = TimeUnit.SECONDS.toMillis(Long.parseLong(
                server.parameters().getOrDefault(ConnectionParameter.CONNECT_TIMEOUT, DEFAULT_TIMEOUT_S)));
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limitMs);
        Process process = start(server);
        Output out = new Output(process.getInputStream(), MAX_BYTES);
        Output errors = new Output(process.getErrorStream(), MAX_BYTES);
        try {
            if (!process.waitFor(limitMs, TimeUnit.MILLISECONDS)) {
                throw failed("has not ended after " + limitMs / 1_000 + " s", errors, "", server);
            }
            String password = out.await(deadline).lines().findFirst().orElse("");
            errors.await(deadline);
            if (process.exitValue() != 0) {
                throw failed("ended with exit code " + process.exitValue(), errors, password, server);
            }
            if (password.isEmpty()) {
                throw failed("printed no password", errors, password, server);
            }
            return password;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed("was interrupted", errors, "", server);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private Process start(ServerAddress server) {
        ProcessBuilder builder = new ProcessBuilder(words);
        Map<String, String> environment = builder.environment();
        HostPort host = server.hosts().get(0);
        environment.put("PGHOST", host.host());
        environment.put("PGPORT", String.valueOf(host.port()));
        environment.put("PGUSER", server.user());
        environment.put("PGDATABASE", server.database());
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            return process;
        } catch (IOException e) {
            throw new SourceException(
                    ErrorCode.PASSWORD_UNAVAILABLE,
                    "password_command cannot be run: " + words.get(0) + "; for " + server.describe()
                            + ". Write the path of a program that this user may execute.",
                    e);
        }
    }

    /** Shows the program's name and its standard error. Never its arguments or its standard output, which may be secret. */
    private SourceException failed(String what, Output errors, String password, ServerAddress server) {
        String said = errors.soFar().strip().replaceAll("\\s*\\R\\s*", " | ").replaceAll("\\p{Cntrl}", "?");
        if (!password.isEmpty()) {
            said = said.replace(password, ServerAddress.MASK);
        }
        String shown = said.length() > SHOWN ? said.substring(0, SHOWN) + "…" : said;
        return new SourceException(
                ErrorCode.PASSWORD_UNAVAILABLE,
                "password_command " + words.get(0) + " " + what + (shown.isEmpty() ? "" : "; it said: " + shown)
                        + "; for " + server.describe()
                        + ". Run it as this user: it must print the password on its first line, and end with 0.");
    }

    @Override
    public boolean mayChange() {
        return true;
    }

    @Override
    public boolean inUri() {
        return false;
    }

    @Override
    public String toString() {
        return "password_command " + words.get(0);
    }
}
