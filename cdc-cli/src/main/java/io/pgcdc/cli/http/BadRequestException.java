package io.pgcdc.cli.http;

/** A request that cannot be read. Its message is for the client. */
public final class BadRequestException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public BadRequestException(String message) {
        super(message);
    }
}
