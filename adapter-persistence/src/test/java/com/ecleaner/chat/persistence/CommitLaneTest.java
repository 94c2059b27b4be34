package com.ecleaner.chat.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How long a lane lets others join a small batch; that it commits is PostgresRoomLogTest's. */
class CommitLaneTest {
    private static final long COMMIT = 1_500_000;
    private static final int BATCH = 500;
    private static final int FEW = GroupCommit.LARGE - 1;

    @Test
    void nobody_waits_for_others_where_nobody_waits() {
        assertThat(CommitLane.rest(COMMIT, 1, 0, BATCH)).isZero();
    }

    @Test
    void a_few_are_joined_by_others_for_as_long_as_a_commit_took() {
        assertThat(CommitLane.rest(COMMIT, 1, 1, BATCH)).isEqualTo(COMMIT);
        assertThat(CommitLane.rest(COMMIT, FEW, FEW, BATCH)).isEqualTo(COMMIT);
    }

    @Test
    void a_large_batch_is_not_kept_waiting_to_grow_larger() {
        assertThat(CommitLane.rest(COMMIT, FEW, GroupCommit.LARGE, BATCH)).isZero();
    }

    @Test
    void a_lane_of_large_batches_does_not_wait_for_those_that_were_just_answered() {
        assertThat(CommitLane.rest(COMMIT, GroupCommit.LARGE, 1, BATCH)).isZero();
        assertThat(CommitLane.rest(COMMIT, 300, FEW, BATCH)).isZero();
    }

    @Test
    void a_batch_that_is_full_is_not_kept_waiting() {
        assertThat(CommitLane.rest(COMMIT, 1, 1, 1)).isZero();
        assertThat(CommitLane.rest(COMMIT, 7, 7, 8)).isEqualTo(COMMIT);
        assertThat(CommitLane.rest(COMMIT, 7, 8, 8)).isZero();
    }

    @Test
    void a_disk_that_stands_still_is_not_waited_for_twice() {
        assertThat(CommitLane.rest(800_000_000, 1, 3, BATCH)).isEqualTo(CommitLane.LONGEST_REST);
    }
}
