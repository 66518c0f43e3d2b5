package io.pgcdc.wire;

import java.io.IOException;
import java.net.Socket;
import java.util.Properties;
import javax.net.ssl.SSLSocket;
import org.postgresql.ssl.LibPQFactory;
import org.postgresql.util.PSQLException;

/** pgjdbc's own TLS, with sockets that deliver the server's last error. pgjdbc creates it by its class name. */
public final class HeardTlsFactory extends LibPQFactory {

    /** @param properties of the connection: mode, certificates, key */
    public HeardTlsFactory(Properties properties) throws PSQLException {
        super(properties);
    }

    @Override
    public Socket createSocket(Socket below, String host, int port, boolean autoClose) throws IOException {
        return new HeardTlsSocket((SSLSocket) super.createSocket(below, host, port, autoClose));
    }
}
