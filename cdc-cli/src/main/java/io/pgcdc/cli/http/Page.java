package io.pgcdc.cli.http;

import java.io.IOException;

/** Makes what a path answers. Any thread. */
public interface Page {

    /**
     * Returns the answer.
     *
     * @throws BadRequestException the request cannot be read
     * @throws InterruptedException the server ends
     */
    Answer read(HttpRequest request) throws IOException, InterruptedException;

    /** Returns whether a client without the token may read it: it tells nothing of this process. */
    default boolean isPublic() {
        return false;
    }
}
