package io.pgcdc.servers;

import java.io.IOException;

/**
 * Thrown if other users can write to a directory, so its files may be theirs. The message says which directory, why, and what to
 * do.
 */
public final class UnsafeDirectoryException extends IOException {

    private static final long serialVersionUID = 1;

    UnsafeDirectoryException(String message) {
        super(message);
    }
}
