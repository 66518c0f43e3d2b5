package io.pgcdc.sinks.postgres.transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommitGroupTest {

    private final CommitGroup group = new CommitGroup();

    /** Adds transactions until the group is full, or has as many. Returns how many it has. */
    private int fill(int wanted) {
        int count = 0;
        while (count < wanted && !group.isFull(1)) {
            group.add();
            count++;
        }
        return count;
    }

    @Test
    void tablesAreBounded() {
        fill(1_000);
        assertFalse(group.isFull(CommitGroup.MOST_TABLES - 1));
        assertTrue(group.isFull(CommitGroup.MOST_TABLES));
    }

    @Test
    void groupsShrinkToOneTransaction() {
        List<Integer> sizes = new ArrayList<>();
        for (int failures = 0; failures < 5; failures++) {
            sizes.add(fill(1_000));
            group.shrink();
            group.rolledBack();
        }
        assertEquals(List.of(1_000, 125, 15, 1, 1), sizes);
    }

    @Test
    void groupsGrowAgainAfterCommits() {
        fill(64);
        group.shrink();
        group.rolledBack();
        for (int commits = 0; commits < 99; commits++) {
            assertEquals(8, fill(1_000));
            group.committed();
        }
        assertEquals(8, fill(1_000));
        group.committed();
        assertEquals(64, fill(1_000));
    }
}
