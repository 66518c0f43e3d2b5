package io.pgcdc.demo.shop;

/** Waits for threads. Any thread. */
final class ThreadEnd {

    private ThreadEnd() {}

    /** Waits until a thread has ended, also if the caller is interrupted meanwhile: it stays interrupted. */
    static void await(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
