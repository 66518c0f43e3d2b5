package io.pgcdc.cli.config;

import io.pgcdc.address.ConnectionParameter;
import io.pgcdc.address.ServerAddress;
import io.pgcdc.address.ServerUrl;
import io.pgcdc.setting.Given;
import io.pgcdc.setting.Problems;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads connection strings, with defaults from variables. A password in a file, named by a reference or a password file, is read now, so that
 * a mistake is told at once, and again at each connect.
 */
final class AddressReader {

    private static final String CONNECT_TIMEOUT_SECONDS = "10";

    private final Environment environment;
    private final IdentityHashMap<Given, List<String>> written;
    private final Problems problems;

    /** @param written texts of values in which references were replaced; kept, not copied */
    AddressReader(Environment environment, IdentityHashMap<Given, List<String>> written, Problems problems) {
        this.environment = environment;
        this.written = written;
        this.problems = problems;
    }

    /** Returns null if there are problems, which are then added. */
    @Nullable
    ServerAddress read(Given url) {
        return read(url, null);
    }

    /** @param connectTimeoutSeconds overrides the environment but not the text; null for 10, unless another source sets it */
    @Nullable
    ServerAddress read(Given url, @Nullable String connectTimeoutSeconds) {
        Map<String, String> variables = new HashMap<>(environment.variables());
        if (connectTimeoutSeconds != null) {
            variables.remove(ConnectionParameter.CONNECT_TIMEOUT.variable());
        }
        ServerAddress address = ServerUrl.parse(url, variables, environment.osUser(), problems);
        if (address == null) {
            return null;
        }
        if (!address.parameters().containsKey(ConnectionParameter.CONNECT_TIMEOUT)) {
            address = address.with(
                    ConnectionParameter.CONNECT_TIMEOUT,
                    connectTimeoutSeconds == null ? CONNECT_TIMEOUT_SECONDS : connectTimeoutSeconds);
        }
        if (address.password() == null) {
            return PassFilePassword.addTo(address, environment, problems);
        }
        List<String> texts = written.get(url);
        return texts != null && References.nameFile(texts.get(0))
                ? address.with(new ReferencedPassword(url, texts.get(0), environment))
                : address;
    }
}
