package io.pgcdc.session;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import javax.net.ssl.HandshakeCompletedListener;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A TLS socket that tells why the server ended the login. With TLS 1.3 the server judges our certificate after our side of the handshake is over.
 * If it closes at once, our next write fails ("Broken pipe"), although the server's alert has arrived before. So if a write fails before the server
 * has sent any data, this socket reads the alert, and throws that. Everything else is the socket's own. One thread writes at a time.
 */
public class TlsSocket extends SSLSocket {

    /** What has arrived is there already: the other side has closed. */
    private static final int ALERT_MS = 1_000;

    private final SSLSocket tls;
    private @Nullable InputStream input;
    private @Nullable OutputStream output;

    /** True once the server has sent data. Then the handshake is over for it, too, and what arrives belongs to the reader. */
    private volatile boolean answered;

    protected TlsSocket(SSLSocket tls) {
        this.tls = tls;
    }

    /** Returns true if the server has sent a TLS alert that ends the connection. */
    static boolean isAlert(Throwable failure) {
        return failure instanceof SSLException
                && String.valueOf(failure.getMessage()).contains("fatal alert");
    }

    private final class Answers extends FilterInputStream {

        Answers(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            return noted(in.read());
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            return noted(in.read(target, offset, length));
        }

        private int noted(int result) {
            answered = true;
            return result;
        }
    }

    private final class Questions extends FilterOutputStream {

        Questions(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            try {
                out.write(source, offset, length);
            } catch (IOException e) {
                throw reason(e);
            }
        }
    }

    /** Returns why a write failed: the server's alert, or else the failure itself. */
    private IOException reason(IOException failure) {
        if (!answered) {
            try {
                tls.setSoTimeout(ALERT_MS);
                tls.getInputStream().skip(1);
            } catch (IOException e) {
                if (isAlert(e)) {
                    e.addSuppressed(failure);
                    return e;
                }
                failure.addSuppressed(e);
            }
        }
        return failure;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        InputStream current = input;
        if (current == null) {
            current = new Answers(tls.getInputStream());
            input = current;
        }
        return current;
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        OutputStream current = output;
        if (current == null) {
            current = new Questions(tls.getOutputStream());
            output = current;
        }
        return current;
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return tls.getSupportedCipherSuites();
    }

    @Override
    public String[] getEnabledCipherSuites() {
        return tls.getEnabledCipherSuites();
    }

    @Override
    public void setEnabledCipherSuites(String[] suites) {
        tls.setEnabledCipherSuites(suites);
    }

    @Override
    public String[] getSupportedProtocols() {
        return tls.getSupportedProtocols();
    }

    @Override
    public String[] getEnabledProtocols() {
        return tls.getEnabledProtocols();
    }

    @Override
    public void setEnabledProtocols(String[] protocols) {
        tls.setEnabledProtocols(protocols);
    }

    @Override
    public SSLSession getSession() {
        return tls.getSession();
    }

    @Override
    public SSLSession getHandshakeSession() {
        return tls.getHandshakeSession();
    }

    @Override
    public void addHandshakeCompletedListener(HandshakeCompletedListener listener) {
        tls.addHandshakeCompletedListener(listener);
    }

    @Override
    public void removeHandshakeCompletedListener(HandshakeCompletedListener listener) {
        tls.removeHandshakeCompletedListener(listener);
    }

    @Override
    public void startHandshake() throws IOException {
        tls.startHandshake();
    }

    @Override
    public void setUseClientMode(boolean mode) {
        tls.setUseClientMode(mode);
    }

    @Override
    public boolean getUseClientMode() {
        return tls.getUseClientMode();
    }

    @Override
    public void setNeedClientAuth(boolean need) {
        tls.setNeedClientAuth(need);
    }

    @Override
    public boolean getNeedClientAuth() {
        return tls.getNeedClientAuth();
    }

    @Override
    public void setWantClientAuth(boolean want) {
        tls.setWantClientAuth(want);
    }

    @Override
    public boolean getWantClientAuth() {
        return tls.getWantClientAuth();
    }

    @Override
    public void setEnableSessionCreation(boolean flag) {
        tls.setEnableSessionCreation(flag);
    }

    @Override
    public boolean getEnableSessionCreation() {
        return tls.getEnableSessionCreation();
    }

    @Override
    public SSLParameters getSSLParameters() {
        return tls.getSSLParameters();
    }

    @Override
    public void setSSLParameters(SSLParameters parameters) {
        tls.setSSLParameters(parameters);
    }

    @Override
    public String getApplicationProtocol() {
        return tls.getApplicationProtocol();
    }

    @Override
    public InetAddress getInetAddress() {
        return tls.getInetAddress();
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return tls.getRemoteSocketAddress();
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return tls.getLocalSocketAddress();
    }

    @Override
    public int getPort() {
        return tls.getPort();
    }

    @Override
    public int getLocalPort() {
        return tls.getLocalPort();
    }

    @Override
    public void setTcpNoDelay(boolean on) throws SocketException {
        tls.setTcpNoDelay(on);
    }

    @Override
    public boolean getTcpNoDelay() throws SocketException {
        return tls.getTcpNoDelay();
    }

    @Override
    public void setKeepAlive(boolean on) throws SocketException {
        tls.setKeepAlive(on);
    }

    @Override
    public boolean getKeepAlive() throws SocketException {
        return tls.getKeepAlive();
    }

    @Override
    public synchronized void setSoTimeout(int milliseconds) throws SocketException {
        tls.setSoTimeout(milliseconds);
    }

    @Override
    public synchronized int getSoTimeout() throws SocketException {
        return tls.getSoTimeout();
    }

    @Override
    public synchronized void setSendBufferSize(int bytes) throws SocketException {
        tls.setSendBufferSize(bytes);
    }

    @Override
    public synchronized int getSendBufferSize() throws SocketException {
        return tls.getSendBufferSize();
    }

    @Override
    public synchronized void setReceiveBufferSize(int bytes) throws SocketException {
        tls.setReceiveBufferSize(bytes);
    }

    @Override
    public synchronized int getReceiveBufferSize() throws SocketException {
        return tls.getReceiveBufferSize();
    }

    @Override
    public boolean isConnected() {
        return tls.isConnected();
    }

    @Override
    public boolean isClosed() {
        return tls.isClosed();
    }

    @Override
    public synchronized void close() throws IOException {
        tls.close();
    }
}
