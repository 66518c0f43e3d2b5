package io.pgcdc.servers;

import java.io.IOException;

/** A directory is not ours alone: what lies in it may be somebody else's. The message says which, why, and what to do. */
public final class UnsafeDirectoryException extends IOException {

    private static final long serialVersionUID = 1;

    UnsafeDirectoryException(String message) {
        super(message);
    }
}
