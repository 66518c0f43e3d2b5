package io.pgcdc.wire;

import io.pgcdc.session.PinnedLogin;
import io.pgcdc.session.SessionSettings;
import io.pgcdc.session.SourceErrors;
import java.sql.Connection;
import java.util.Properties;
import java.util.UUID;
import org.postgresql.PGProperty;

/** Opens an ordinary SQL connection that takes many messages at once, as a COPY of a table brings them ({@link Gulps}). Any thread. */
public final class GulpingLogin {

    private GulpingLogin() {}

    /**
     * Connects, pins the settings and verifies them. The parameters are those of {@link PinnedLogin#connect}.
     *
     * @throws io.pgcdc.error.SourceException no connection was made
     */
    public static Connection connect(
            String jdbcUrl, Properties properties, String where, int answerMs, SessionSettings settings) {
        Properties all = new Properties();
        all.putAll(properties);
        String key = UUID.randomUUID().toString();
        String unixSocket = PGProperty.SOCKET_FACTORY_ARG.getOrDefault(all);
        PGProperty.SOCKET_FACTORY.set(all, ReceiveSocketFactory.class.getName());
        PGProperty.SOCKET_FACTORY_ARG.set(all, ReceiveSocketFactory.argument(key, unixSocket));
        try {
            return PinnedLogin.connect(jdbcUrl, all, where, answerMs, settings, SourceErrors.LOGIN);
        } finally {
            ReceiveSocketFactory.take(key);
        }
    }
}
