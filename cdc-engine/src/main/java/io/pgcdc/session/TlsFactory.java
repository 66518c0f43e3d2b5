package io.pgcdc.session;

import java.io.IOException;
import java.net.Socket;
import java.util.Properties;
import javax.net.ssl.SSLSocket;
import org.postgresql.ssl.LibPQFactory;
import org.postgresql.util.PSQLException;

/** pgjdbc's own TLS, with sockets that tell why the server ended the login. pgjdbc creates it by its class name. */
public class TlsFactory extends LibPQFactory {

    /** @param properties of the connection: mode, certificates, key */
    public TlsFactory(Properties properties) throws PSQLException {
        super(properties);
    }

    @Override
    public final Socket createSocket(Socket below, String host, int port, boolean autoClose) throws IOException {
        return wrapped((SSLSocket) super.createSocket(below, host, port, autoClose));
    }

    protected Socket wrapped(SSLSocket tls) {
        return new TlsSocket(tls);
    }
}
