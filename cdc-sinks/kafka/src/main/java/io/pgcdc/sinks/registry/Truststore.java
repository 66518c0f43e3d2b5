package io.pgcdc.sinks.registry;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import java.io.File;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Reads trusted certificates from a file. */
final class Truststore {

    private Truststore() {}

    /** Returns the TLS context of a PKCS12 or JKS file. */
    static SSLContext context(String sink, String file, @Nullable String password) {
        try {
            KeyStore store = KeyStore.getInstance(new File(file), password == null ? null : password.toCharArray());
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new SinkException(
                    ErrorCode.TARGET_MISFIT,
                    "sink \"" + sink + "\": the truststore " + file + " cannot be read. It said: " + e.getMessage()
                            + ". Correct ssl.truststore.location or ssl.truststore.password of schema_registry.",
                    e);
        }
    }
}
