package io.pgcdc.sink;

/**
 * Where changes go. One thread, the sink's own, calls all methods, one after the other.
 *
 * <p><b>Order.</b> Batches come in position order; the next comes only after {@code write} returned.
 *
 * <p><b>Durable.</b> When {@code write} or {@code flush} answers {@link Durability#DURABLE}, everything up to the end of the last
 * batch must survive a crash of the target. The acknowledgement to the source's server rests on it.
 *
 * <p><b>Repeats.</b> After a crash of pgcdc the batches since the last durable commit come again, with equal positions. A sink that
 * must not show them twice stores the position with its data and skips what it has.
 *
 * <p><b>Errors.</b> A {@link io.pgcdc.error.SinkException} whose retry directive is BACKOFF makes the same batch come again later; any
 * other exception ends the sink.
 */
public interface Sink extends AutoCloseable {

    Durability write(Batch batch);

    /** Makes all that was accepted durable. Called when no more batches wait, and before {@link #close} in an orderly stop. */
    Durability flush();

    @Override
    void close();
}
