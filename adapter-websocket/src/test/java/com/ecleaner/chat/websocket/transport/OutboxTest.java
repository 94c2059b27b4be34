package com.ecleaner.chat.websocket.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

class OutboxTest {

    private final HandLine line = new HandLine();
    private final Outbox outbox = new Outbox(line, 200_000);

    @Test
    void frames_that_wait_leave_in_one_write_in_their_order() {
        offer("a");
        offer("b");
        offer("c");
        line.runAll();
        assertThat(line.writes).containsExactly("a b c");
    }

    @Test
    void frames_that_come_during_a_write_leave_together_when_it_is_done() {
        offer("a");
        line.runAll();
        offer("b");
        offer("c");
        line.runAll();
        assertThat(line.writes).containsExactly("a");
        line.finishWrite();
        line.runAll();
        assertThat(line.writes).containsExactly("a", "b c");
    }

    @Test
    void a_burst_costs_one_run_on_the_network_thread() {
        for (int i = 0; i < 100; i++) {
            offer("x");
        }
        assertThat(line.tasks).hasSize(1);
        line.runAll();
        assertThat(line.writes).hasSize(1);
    }

    @Test
    void a_write_that_is_done_at_once_is_followed_by_the_next() {
        line.atOnce = true;
        for (int i = 0; i < 4; i++) {
            outbox.offer(Frame.text("x".repeat(40_000)));
        }
        line.runAll();
        assertThat(line.writes).hasSize(4);
        assertThat(outbox.pendingBytes()).isZero();
        offer("later");
        line.runAll();
        assertThat(line.writes).hasSize(5).last().isEqualTo("later");
    }

    @Test
    void one_write_takes_no_more_than_a_batch_or_a_single_frame() {
        line.atOnce = true;
        outbox.offer(Frame.text("x".repeat(Outbox.BATCH - 1_000)));
        outbox.offer(Frame.text("y".repeat(2_000)));
        outbox.offer(Frame.text("z".repeat(2 * Outbox.BATCH - 10_000)));
        line.runAll();
        assertThat(line.writes)
                .extracting(write -> write.substring(0, 1))
                .containsExactly("x", "y", "z");
    }

    @Test
    void what_waits_and_what_is_being_written_counts_against_the_bound() {
        var frame = Frame.text("x".repeat(50_000 - 4));
        assertThat(outbox.offer(frame)).isEqualTo(Outbox.Fate.QUEUED);
        line.runAll();
        for (int i = 0; i < 3; i++) {
            assertThat(outbox.offer(frame)).isEqualTo(Outbox.Fate.QUEUED);
        }
        assertThat(outbox.pendingBytes()).isEqualTo(200_000);
        assertThat(outbox.offer(Frame.text(""))).isEqualTo(Outbox.Fate.FULL);
        line.finishWrite();
        assertThat(outbox.offer(Frame.text(""))).isEqualTo(Outbox.Fate.QUEUED);
    }

    @Test
    void each_of_a_few_pings_is_answered_in_order() {
        offer("a");
        outbox.offerPong(Frame.text("first"));
        outbox.offerPong(Frame.text("second"));
        offer("b");
        line.runAll();
        line.finishWrite();
        assertThat(line.writes).containsExactly("a first second b");
    }

    @Test
    void of_the_pongs_behind_much_else_only_the_last_is_sent_in_the_place_of_the_first() {
        String much = "x".repeat(9_000);
        offer(much);
        outbox.offerPong(Frame.text("first"));
        offer("b");
        long before = outbox.pendingBytes();
        outbox.offerPong(Frame.text("the last"));
        assertThat(outbox.pendingBytes()).isEqualTo(before + 3);
        line.runAll();
        line.finishWrite();
        outbox.offerPong(Frame.text("next"));
        line.runAll();
        line.finishWrite();
        assertThat(line.writes).containsExactly(much + " the last b", "next");
        assertThat(outbox.pendingBytes()).isZero();
    }

    @Test
    void a_sealed_outbox_takes_no_pong_and_a_dropped_one_forgets_it() {
        outbox.offerPong(Frame.text("dropped"));
        outbox.sealAndDrop();
        outbox.offerPong(Frame.text("too late"));
        line.runAll();
        assertThat(line.writes).isEmpty();
        assertThat(outbox.pendingBytes()).isZero();
    }

    @Test
    void dropping_forgets_all_but_what_is_being_written() {
        offer("a");
        line.runAll();
        offer("b");
        outbox.sealAndDrop();
        outbox.offerLast(Frame.text("close"));
        assertThat(outbox.offer(Frame.text("c"))).isEqualTo(Outbox.Fate.CLOSED);
        line.finishWrite();
        line.runAll();
        assertThat(line.writes).containsExactly("a", "close");
    }

    @Test
    void a_sealed_outbox_sends_what_waits_and_tells_when_that_is_done() {
        offer("a");
        outbox.seal();
        outbox.offerLast(Frame.text("close"));
        outbox.end();
        outbox.offerLast(Frame.text("too late"));
        line.runAll();
        assertThat(line.writes).containsExactly("a close");
        assertThat(line.drained).isZero();
        line.finishWrite();
        line.runAll();
        assertThat(line.drained).isOne();
        outbox.end();
        line.runAll();
        assertThat(line.drained).isOne();
    }

    @Test
    void an_empty_outbox_that_ends_is_drained() {
        outbox.end();
        line.runAll();
        assertThat(line.drained).isOne();
    }

    private void offer(String text) {
        assertThat(outbox.offer(Frame.text(text))).isEqualTo(Outbox.Fate.QUEUED);
    }

    /** A network thread and a connection that do nothing by themselves. */
    private static final class HandLine implements Outbox.Line {

        private final Queue<Runnable> tasks = new ArrayDeque<>();
        private final Queue<Runnable> underWay = new ArrayDeque<>();
        private final List<String> writes = new ArrayList<>();
        private boolean atOnce;
        private int drained;

        @Override
        public void later(Runnable task) {
            tasks.add(task);
        }

        @Override
        public void write(List<Frame> frames, Runnable done) {
            assertThat(underWay).as("one write at a time").isEmpty();
            writes.add(String.join(" ", frames.stream().map(HandLine::text).toList()));
            if (atOnce) {
                done.run();
            } else {
                underWay.add(done);
            }
        }

        @Override
        public void drained() {
            drained++;
        }

        private void runAll() {
            while (!tasks.isEmpty()) {
                tasks.remove().run();
            }
        }

        private void finishWrite() {
            underWay.remove().run();
        }

        private static String text(Frame frame) {
            int header = frame.size() <= 127 ? 2 : frame.size() <= 0xFFFF + 4 ? 4 : 10;
            return new String(frame.wire(), header, frame.size() - header, StandardCharsets.UTF_8);
        }
    }
}
