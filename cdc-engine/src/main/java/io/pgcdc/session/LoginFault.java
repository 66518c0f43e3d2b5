package io.pgcdc.session;

import java.io.FileNotFoundException;
import java.net.SocketException;
import java.nio.file.NoSuchFileException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.spec.InvalidKeySpecException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;

/**
 * Why a login failed before the server could judge it: TLS, its files, or what the connection string demands of the server. Each names the
 * parameter and the file. Judges by the causes, since pgjdbc translates its own words.
 *
 * @param tls whether it is about TLS
 * @param happened without a full stop
 * @param remedy a sentence, or more
 */
record LoginFault(boolean tls, String happened, String remedy) {

    private static final String KEY_FORMAT =
            "Give sslkey a key in PKCS-8: openssl pkcs8 -topk8 -nocrypt -in KEY -outform DER -out KEY.pk8"
                    + " (add -passin for one with a password), and chmod 600 KEY.pk8.";

    private static final String CLIENT =
            "sslcert and sslkey must belong together, be valid, and be signed by an authority in the server's"
                    + " ssl_ca_file; the server's log says what it refused.";

    /** Returns what is known of it; null: it is none of these. */
    static @Nullable LoginFault of(SQLException e) {
        List<Throwable> chain = new ArrayList<>();
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            chain.add(cause);
        }
        Throwable root = chain.get(chain.size() - 1);
        String said = ServerWords.said(e);
        if (ServerWords.message(e) != null) {
            return null;
        }
        if (said.contains("requireAuth")) {
            return new LoginFault(
                    false,
                    "the server asks for another kind of authentication than require_auth allows",
                    "Change require_auth, or the line of the server's pg_hba.conf.");
        }
        if (said.toLowerCase(Locale.ROOT).contains("channel binding")) {
            return new LoginFault(
                    false,
                    "the server did not bind the login to the TLS connection, which channel_binding=require demands",
                    "Have pg_hba.conf ask for scram-sha-256 over TLS (hostssl), or write channel_binding=prefer.");
        }
        if (said.contains("GSS")) {
            return new LoginFault(false, said, "Write gssencmode=disable, or set the server up for Kerberos.");
        }
        if (said.contains("PgjdbcHostnameVerifier")) {
            return new LoginFault(
                    true,
                    "the server's certificate is for another host name",
                    "Write a host that the certificate names, or sslmode=verify-ca, which does not compare them.");
        }
        LoginFault file = ofFiles(chain, root);
        return file != null ? file : ofHandshake(chain, root, said);
    }

    private static @Nullable LoginFault ofFiles(List<Throwable> chain, Throwable root) {
        boolean key = chain.size() > 1 && chain.get(1) instanceof PSQLException;
        if (root instanceof FileNotFoundException && !key) {
            return missing("sslrootcert", root, " It holds the certificate of the authority that signed the server's.");
        }
        if (root instanceof NoSuchFileException) {
            return missing(key ? "sslkey" : "sslcert", root, "");
        }
        if (key) {
            // its permissions: pgjdbc says which, and which it wants
            return new LoginFault(true, ServerWords.said((SQLException) chain.get(1)), "sslkey: chmod 600 that file.");
        }
        if (root instanceof IllegalArgumentException || root instanceof InvalidKeySpecException) {
            return new LoginFault(true, "the file of sslkey is no private key that can be read", KEY_FORMAT);
        }
        return null;
    }

    private static LoginFault missing(String parameter, Throwable root, String more) {
        String file = String.valueOf(root.getMessage()).replaceFirst(" \\(.*\\)$", "");
        return new LoginFault(
                true, "there is no file " + file, "Set " + parameter + " to the path of the file." + more);
    }

    private static @Nullable LoginFault ofHandshake(List<Throwable> chain, Throwable root, String said) {
        for (Throwable cause : chain) {
            if (cause instanceof CertificateExpiredException || cause instanceof CertificateNotYetValidException) {
                return new LoginFault(
                        true,
                        "the server's certificate is not valid now: " + cause.getMessage(),
                        "Renew it on the server (ssl_cert_file); the clock of this machine may be wrong, too.");
            }
        }
        if (root instanceof CertPathBuilderException || root instanceof CertPathValidatorException) {
            return new LoginFault(
                    true,
                    "no certificate in the file of sslrootcert has signed the server's certificate",
                    "Set sslrootcert to the file with the certificate of the authority that did.");
        }
        if (root instanceof CertificateException) {
            return new LoginFault(
                    true,
                    "a file that should hold certificates does not",
                    "sslrootcert and sslcert are files in PEM with BEGIN CERTIFICATE; the key belongs into sslkey.");
        }
        if (TlsSocket.isAlert(root) || (root instanceof SocketException && said.startsWith("SSL"))) {
            return new LoginFault(true, "the server ended the TLS handshake: " + root.getMessage(), CLIENT);
        }
        return null;
    }
}
