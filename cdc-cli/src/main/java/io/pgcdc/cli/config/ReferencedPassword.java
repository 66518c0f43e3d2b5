package io.pgcdc.cli.config;

import io.pgcdc.address.Password;
import io.pgcdc.address.ServerAddress;
import io.pgcdc.address.ServerUrl;
import io.pgcdc.setting.Given;
import io.pgcdc.setting.Problems;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The password of a connection string with a {@code file} reference. Reads the file, and the string, again for each login. Any thread.
 *
 * @param text the connection string as written, with its references
 */
record ReferencedPassword(Given given, String text, Environment environment) implements Password {

    @Override
    public @Nullable String ask(ServerAddress server) {
        Problems problems = new Problems();
        References.Resolved resolved = new References(environment, problems).resolve(text, given.origin());
        ServerAddress now = null;
        if (resolved != null) {
            Given again = new Given(
                    given.label(), List.of(resolved.text()), given.shape(), true, given.key(), given.origin());
            now = ServerUrl.parse(again, environment.variables(), environment.osUser(), problems);
        }
        PassFilePassword.throwIfAny(problems, server);
        return now == null ? null : now.currentPassword();
    }

    @Override
    public boolean mayChange() {
        return true;
    }

    @Override
    public boolean inUri() {
        return true;
    }

    /** The connection string is a secret. */
    @Override
    public String toString() {
        return "referenced file";
    }
}
