package io.pgcdc.servers.connect;

/** A Connect worker has refused a request, or could not do it. */
public final class ConnectRestException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;

    /** @param status of HTTP */
    ConnectRestException(int status, String message) {
        super(message);
        this.status = status;
    }

    /** Returns the status of HTTP: 400 for a bad request, 404 for an unknown connector, 500 for a worker's failure. */
    public int status() {
        return status;
    }
}
