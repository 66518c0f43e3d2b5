package io.pgcdc.wire;

import io.pgcdc.session.TlsSocket;
import java.io.IOException;
import java.io.InputStream;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A TLS socket whose decrypted input passes through {@link LastWords}. */
final class HeardTlsSocket extends TlsSocket {

    private @Nullable InputStream input;

    HeardTlsSocket(SSLSocket tls) {
        super(tls);
    }

    @Override
    public InputStream getInputStream() throws IOException {
        InputStream current = input;
        if (current == null) {
            current = new LastWords(super.getInputStream());
            input = current;
        }
        return current;
    }
}
