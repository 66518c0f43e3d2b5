package io.pgcdc.servers;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes what a server stores of a password (RFC 5803, in the form of pg_authid): {@code SCRAM-SHA-256$1:SALT$STOREDKEY:SERVERKEY}.
 * Uses one iteration instead of 4096. More iterations make short passwords costly to guess, but this one has 24 random bytes, and
 * each of the tests' many logins would take about 20 ms of CPU time.
 */
final class ScramVerifier {

    private static final String HMAC = "HmacSHA256";

    /** The number of the first block of PBKDF2, which is the only one. */
    private static final byte[] FIRST_BLOCK = {0, 0, 0, 1};

    private ScramVerifier() {}

    static String of(String password, byte[] salt) {
        try {
            byte[] salted = hmac(password.getBytes(StandardCharsets.UTF_8), salt, FIRST_BLOCK);
            byte[] client = hmac(salted, "Client Key".getBytes(StandardCharsets.UTF_8));
            byte[] server = hmac(salted, "Server Key".getBytes(StandardCharsets.UTF_8));
            byte[] stored = MessageDigest.getInstance("SHA-256").digest(client);
            return "SCRAM-SHA-256$1:" + base64(salt) + "$" + base64(stored) + ":" + base64(server);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a JDK without HMAC-SHA-256", e);
        }
    }

    private static byte[] hmac(byte[] key, byte[]... parts) throws GeneralSecurityException {
        Mac mac = Mac.getInstance(HMAC);
        mac.init(new SecretKeySpec(key, HMAC));
        for (byte[] part : parts) {
            mac.update(part);
        }
        return mac.doFinal();
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
