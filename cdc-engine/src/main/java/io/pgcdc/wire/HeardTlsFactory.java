package io.pgcdc.wire;

import io.pgcdc.session.TlsFactory;
import java.net.Socket;
import java.util.Properties;
import javax.net.ssl.SSLSocket;
import org.postgresql.util.PSQLException;

/** pgjdbc's own TLS, with sockets that deliver the server's last error. pgjdbc creates it by its class name. */
public final class HeardTlsFactory extends TlsFactory {

    /** @param properties of the connection: mode, certificates, key */
    public HeardTlsFactory(Properties properties) throws PSQLException {
        super(properties);
    }

    @Override
    protected Socket wrapped(SSLSocket tls) {
        return new HeardTlsSocket(tls);
    }
}
