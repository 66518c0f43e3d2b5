package io.pgcdc.delivery;

/** A permanent failure of one sink. Errors of queue or decoder are never wrapped in it: they concern the whole run. */
final class SinkFailure extends Exception {

    private static final long serialVersionUID = 1;

    private final Throwable thrown;

    SinkFailure(Throwable thrown) {
        super(thrown);
        this.thrown = thrown;
    }

    Throwable thrown() {
        return thrown;
    }
}
