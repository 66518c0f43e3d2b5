package io.pgcdc.address;

import org.jspecify.annotations.Nullable;

/**
 * Where the password of a login comes from. It is asked at each connect, because passwords are rotated and tokens expire. Never prints a
 * secret. Any thread.
 */
public interface Password {

    /**
     * Returns the password as of now, or null if there is none. May read a file or run a command, and blocks for as long as the address's
     * connect_timeout at most.
     *
     * @param server the address that is connected to
     * @throws io.pgcdc.error.SourceException PASSWORD_UNAVAILABLE
     */
    @Nullable
    String ask(ServerAddress server);

    /** Returns true if a later answer may differ. Then a refused login may pass without a restart. */
    boolean mayChange();

    /** Returns true if it is a part of the address's URI, where it is masked. */
    boolean inUri();

    /** Returns a password that never changes. */
    static Password fixed(String secret) {
        return new Fixed(secret);
    }

    /** A password that the URL or the environment contains. */
    record Fixed(String secret) implements Password {

        @Override
        public String ask(ServerAddress server) {
            return secret;
        }

        @Override
        public boolean mayChange() {
            return false;
        }

        @Override
        public boolean inUri() {
            return true;
        }

        @Override
        public String toString() {
            return ServerAddress.MASK;
        }
    }
}
