package io.pgcdc.address;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.setting.Given;
import io.pgcdc.setting.NearMatch;
import io.pgcdc.setting.Problems;
import io.pgcdc.setting.SettingReader;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Collects the values of one connection string while it is read. Problems never repeat what may be part of a password: nothing
 * after a password, and nothing of a text that came from a reference.
 */
final class ConnectionText {

    /** Parameters that pgcdc knows but does not accept, with what to do instead. */
    private static final Map<String, String> REFUSED = Map.of(
            "replication", "remove it, pgcdc sets it itself",
            "hostaddr", "write the address as host",
            "service", "write the service's values here, service files are not read",
            "client_encoding", "remove it, it is always UTF8",
            "sslcrl", "remove it, revocation lists are not read",
            "sslcrldir", "remove it, revocation lists are not read",
            "ssl", "write sslmode=require, or sslmode=verify-full to check the server",
            "dbname", "write it after the host: //host:5432/database");

    private final Given given;
    private final Problems problems;
    private final int problemsBefore;
    private final Map<ConnectionParameter, String> values = new EnumMap<>(ConnectionParameter.class);
    private boolean concealed;

    ConnectionText(Given given, Problems problems) {
        this.given = given;
        this.problems = problems;
        this.problemsBefore = problems.count();
        this.concealed = given.hidden();
    }

    String text() {
        return given.texts().get(0);
    }

    /** Sets a parameter by its name in the text. */
    void putNamed(String name, String value, boolean jdbc) {
        ConnectionParameter parameter = ConnectionParameter.find(name, jdbc);
        if (parameter != null) {
            put(parameter, value, jdbc);
            concealed |= parameter.secret();
        } else if (concealed) {
            problem("a parameter is unknown; " + escapeAdvice());
        } else if (REFUSED.containsKey(name)) {
            problem(name + " is not supported; " + REFUSED.get(name));
        } else {
            problem("unknown parameter " + SettingReader.quote(name) + "; "
                    + NearMatch.advice(name, ConnectionParameter.names(jdbc)));
        }
    }

    /** Sets a parameter. Ignores an empty value, as libpq mostly does. */
    void put(ConnectionParameter parameter, String value, boolean jdbc) {
        if (value.isEmpty()) {
            return;
        }
        try {
            String own = jdbc ? parameter.fromJdbc(value) : value;
            parameter.check(own);
            if (values.put(parameter, own) != null) {
                problem(parameter.libpqName() + " is given twice; write it once");
            }
        } catch (IllegalArgumentException e) {
            String name = jdbc ? parameter.jdbcName() : parameter.libpqName();
            problem(name + (parameter.secret() ? " does not fit" : " is " + shown(value)) + "; write "
                    + e.getMessage());
        }
    }

    void put(ConnectionParameter parameter, String value) {
        put(parameter, value, false);
    }

    /** Adds a problem: a text after {@code &} or a space has no {@code =}. */
    void noValue(String name) {
        problem(
                concealed
                        ? "a parameter has no value; " + escapeAdvice()
                        : "parameter " + SettingReader.quote(name) + " has no value; write " + plain(name) + "=value");
    }

    /** Lets later messages repeat no part of the text. */
    void conceal() {
        concealed = true;
    }

    private static String plain(String name) {
        return name.matches("\\w{1,40}") ? name : "name";
    }

    private String escapeAdvice() {
        return text().contains("://")
                ? "write %26 for & and %3D for = in a password"
                : "quote a password that has spaces: password='two words'";
    }

    void problem(String message) {
        problems.add(ErrorCode.CONFIG_SOURCE_URL, given.origin(), given.label() + ": " + message);
    }

    String shown(String piece) {
        return concealed ? "not usable" : SettingReader.quote(piece);
    }

    @Nullable
    String get(ConnectionParameter parameter) {
        return values.get(parameter);
    }

    boolean failed() {
        return problems.count() > problemsBefore;
    }
}
