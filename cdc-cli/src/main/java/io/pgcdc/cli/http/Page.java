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

    /** Returns whether a client without the token may read it. It then tells nothing that is for those with the token only. */
    default boolean isPublic() {
        return false;
    }

    /** Returns a page that a client without the token may read, too. {@link HttpRequest#isTrusted} tells which client asks. */
    static Page open(Page page) {
        return new Page() {
            @Override
            public Answer read(HttpRequest request) throws IOException, InterruptedException {
                return page.read(request);
            }

            @Override
            public boolean isPublic() {
                return true;
            }
        };
    }
}
