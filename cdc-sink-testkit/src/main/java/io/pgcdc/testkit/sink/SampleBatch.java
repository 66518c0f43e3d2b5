package io.pgcdc.testkit.sink;

import io.pgcdc.model.Change;
import io.pgcdc.model.Position;
import io.pgcdc.sink.Batch;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** Samples as a batch. The change that it passes becomes invalid when the consumer returns. */
final class SampleBatch implements Batch {

    private final List<Sample> samples;
    private final Position last;
    private final boolean endsAtCommit;

    SampleBatch(List<Sample> samples, Position last, boolean endsAtCommit) {
        this.samples = List.copyOf(samples);
        this.last = last;
        this.endsAtCommit = endsAtCommit;
    }

    /** Cuts transactions like the queue: several together, or a part of one. A chunk of a snapshot shares its batch with nothing. */
    static List<SampleBatch> cut(List<List<Sample>> transactions, Random random) {
        List<SampleBatch> batches = new ArrayList<>();
        int at = 0;
        while (at < transactions.size()) {
            List<Sample> first = transactions.get(at);
            if (first.size() > 1 && random.nextInt(4) == 0) {
                int middle = 1 + random.nextInt(first.size() - 1);
                batches.add(of(first.subList(0, middle), false));
                batches.add(of(first.subList(middle, first.size()), true));
                at++;
                continue;
            }
            int end = at + 1;
            int most = Math.min(transactions.size(), end + random.nextInt(4));
            while (end < most && !isChunk(first) && !isChunk(transactions.get(end))) {
                end++;
            }
            batches.add(of(
                    transactions.subList(at, end).stream().flatMap(List::stream).toList(), true));
            at = end;
        }
        return batches;
    }

    private static boolean isChunk(List<Sample> samples) {
        return samples.get(0).position().isRead();
    }

    private static SampleBatch of(List<Sample> samples, boolean endsAtCommit) {
        return new SampleBatch(samples, samples.get(samples.size() - 1).position(), endsAtCommit);
    }

    @Override
    public void forEach(Consumer<? super Change> consumer) {
        SampleChange change = new SampleChange();
        for (Sample sample : samples) {
            change.show(sample);
            consumer.accept(change);
            change.spoil();
        }
    }

    @Override
    public int count() {
        return samples.size();
    }

    @Override
    public Position lastPosition() {
        return last;
    }

    @Override
    public boolean endsAtCommit() {
        return endsAtCommit;
    }
}
