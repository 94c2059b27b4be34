package com.ecleaner.chat.domain.port;

import static org.assertj.core.api.Assertions.assertThat;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.given.Given;
import com.ecleaner.chat.domain.given.Ports;
import com.ecleaner.chat.domain.given.Refused;
import com.ecleaner.chat.domain.given.Somebody;
import com.ecleaner.chat.domain.given.Talk;
import com.ecleaner.chat.domain.message.Attachment;
import com.ecleaner.chat.domain.message.AttachmentId;
import com.ecleaner.chat.domain.message.Draft;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.message.MessageType;
import com.ecleaner.chat.domain.room.Membership;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.user.UserId;
import com.ecleaner.chat.domain.view.Seat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** What every record of files promises: who has them, and when they are gone. */
public abstract class AttachmentsContract {
    private static final Attachments.Quota PLENTY =
            new Attachments.Quota(Integer.MAX_VALUE, Long.MAX_VALUE, Instant.EPOCH);

    private Given given;
    private Somebody anna;
    private Somebody john;
    private Talk talk;

    /** The store under test, empty or shared. */
    protected abstract Ports ports();

    @BeforeEach
    void people() {
        given = new Given(ports());
        anna = given.client("anna");
        john = given.cleaner("john");
        talk = given.job("5").client(anna).cleaner(john).booked();
        removeAllGone();
    }

    private Attachments attachments() {
        return given.ports().attachments();
    }

    private Attachments.Upload upload(Somebody who, long size) {
        Attachment like = given.picture();
        return new Attachments.Upload(
                new Attachment(
                        like.id(),
                        "Żółć 🧽 \"stain\".pdf",
                        "application/pdf",
                        size,
                        OptionalInt.empty(),
                        OptionalInt.empty(),
                        false),
                talk.id(),
                who.id(),
                given.now());
    }

    private boolean isThere(Attachment file) {
        return attachments().find(file.id(), anna.id()).isPresent();
    }

    /** What was gone by now, oneself or by tests that share the store. */
    private List<AttachmentId> removeAllGone() {
        List<AttachmentId> removed = new ArrayList<>();
        while (attachments().removeGone(100, removed::add) > 0) {
            // Another hundred.
        }
        return removed;
    }

    @Test
    void a_file_is_found_as_it_was_noted_with_the_viewers_seat() {
        Attachments.Upload upload = upload(anna, 1L << 40);
        attachments().add(upload, PLENTY);
        Somebody eve = given.client("eve");

        Attachments.Found johns = attachments().find(upload.file().id(), john.id()).orElseThrow();

        assertThat(johns.upload()).isEqualTo(upload);
        assertThat(johns.seat().room()).isEqualTo(talk.room());
        assertThat(johns.seat().membership().isIn()).isTrue();
        assertThat(
                        attachments()
                                .find(upload.file().id(), eve.id())
                                .orElseThrow()
                                .seat()
                                .membership()
                                .isIn())
                .isFalse();
    }

    @Test
    void the_seat_of_whoever_wrote_as_an_admin_says_so() {
        Attachments.Upload upload = upload(anna, 100);
        attachments().add(upload, PLENTY);
        Somebody eve = given.admin("eve");
        talk.say(eve, "support here");

        assertThat(attachments().find(upload.file().id(), eve.id()).orElseThrow().seat())
                .isEqualTo(new Seat(talk.room(), Membership.AS_ADMIN));
    }

    @Test
    void a_picture_is_found_with_its_dimensions() {
        Attachment picture = given.picture(talk, anna);

        assertThat(attachments().find(picture.id(), anna.id()).orElseThrow().upload().file())
                .isEqualTo(picture);
    }

    @Test
    void a_file_nobody_noted_is_not_found() {
        assertThat(attachments().find(new AttachmentId(given.unique("a b/../c")), anna.id()))
                .isEmpty();
    }

    @Test
    void nothing_is_noted_for_a_room_that_is_not_there() {
        Attachments.Upload upload = upload(anna, 1);

        Refused.as(
                Refusal.Code.NOT_FOUND,
                () ->
                        attachments()
                                .add(
                                        new Attachments.Upload(
                                                upload.file(),
                                                new RoomId(Long.MAX_VALUE),
                                                anna.id(),
                                                given.now()),
                                        PLENTY));
        assertThat(isThere(upload.file())).isFalse();
    }

    @Test
    void somebody_nobody_has_seen_may_have_files_too() {
        Attachments.Upload upload =
                new Attachments.Upload(
                        given.picture(),
                        talk.id(),
                        new UserId(given.unique("stranger")),
                        given.now());

        attachments().add(upload, PLENTY);

        assertThat(isThere(upload.file())).isTrue();
    }

    // --- the quota

    @Test
    void so_many_files_may_wait_for_their_message() {
        Attachments.Quota two = new Attachments.Quota(2, Long.MAX_VALUE, Instant.EPOCH);
        Attachments.Upload one = upload(anna, 1);
        attachments().add(one, two);
        attachments().add(upload(anna, 1), two);
        attachments().add(upload(john, 1), two);

        Attachments.Upload third = upload(anna, 1);
        Refused.as(Refusal.Code.RATE_LIMITED, () -> attachments().add(third, two));
        assertThat(isThere(third.file())).isFalse();

        talk.post(anna, sending(one.file()));
        attachments().add(third, two);
        assertThat(isThere(third.file())).isTrue();
    }

    @Test
    void so_many_bytes_may_be_uploaded_in_a_time_sent_or_not() {
        Instant start = given.now();
        Attachments.Upload one = upload(anna, 60);
        attachments().add(one, PLENTY);
        talk.post(anna, sending(one.file()));
        Instant later = given.now();
        attachments().add(upload(anna, 40), PLENTY);

        Refused.as(
                Refusal.Code.RATE_LIMITED,
                () -> attachments().add(upload(anna, 1), new Attachments.Quota(9, 100, start)));
        attachments().add(upload(anna, 1), new Attachments.Quota(9, 101, start));
        attachments().add(upload(anna, 59), new Attachments.Quota(9, 100, later));
        attachments().add(upload(john, 100), new Attachments.Quota(9, 100, start));
    }

    @Test
    void the_quota_holds_for_uploads_at_the_same_time() throws Exception {
        Attachments.Quota three = new Attachments.Quota(3, Long.MAX_VALUE, Instant.EPOCH);
        List<Attachments.Upload> uploads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            uploads.add(upload(anna, 1));
        }
        AtomicInteger refused = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(uploads.size());
        for (Attachments.Upload upload : uploads) {
            Thread.ofVirtual()
                    .start(
                            () -> {
                                try {
                                    attachments().add(upload, three);
                                } catch (Refusal e) {
                                    refused.incrementAndGet();
                                } finally {
                                    done.countDown();
                                }
                            });
        }

        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(refused).hasValue(5);
        assertThat(uploads.stream().filter(u -> isThere(u.file()))).hasSize(3);
    }

    // --- being gone

    @Test
    void a_file_is_gone_with_its_message_and_removed_once() {
        Attachment picture = given.picture(talk, anna);
        Message message = talk.post(anna, sending(picture)).message().orElseThrow();
        assertThat(isThere(picture)).isTrue();

        talk.delete(anna, message);

        assertThat(isThere(picture)).isFalse();
        assertThat(removeAllGone()).containsExactly(picture.id());
        assertThat(removeAllGone()).isEmpty();
    }

    @Test
    void a_file_is_gone_with_a_message_that_was_edited_before() {
        Attachment picture = given.picture(talk, anna);
        Message message = talk.post(anna, sending(picture)).message().orElseThrow();
        talk.edit(anna, message, "look");
        talk.delete(anna, message);

        assertThat(isThere(picture)).isFalse();
        assertThat(removeAllGone()).containsExactly(picture.id());
    }

    @Test
    void a_file_stays_when_its_message_is_edited() {
        Attachment picture = given.picture(talk, anna);
        Message message = talk.post(anna, sending(picture)).message().orElseThrow();

        talk.edit(anna, message, "look");

        assertThat(isThere(picture)).isTrue();
        assertThat(removeAllGone()).isEmpty();
    }

    @Test
    void an_upload_that_failed_can_no_longer_be_sent() {
        Attachment picture = given.picture(talk, anna);

        attachments().drop(picture.id());
        attachments().drop(picture.id());

        assertThat(isThere(picture)).isFalse();
        Refused.invalid("attachment_id", () -> talk.post(anna, sending(picture)));
        assertThat(removeAllGone()).containsExactly(picture.id());
    }

    @Test
    void what_a_message_has_taken_is_not_dropped() {
        Attachment picture = given.picture(talk, anna);
        talk.post(anna, sending(picture));

        attachments().drop(picture.id());
        attachments().dropUnsent(given.now().plus(Duration.ofDays(1)));

        assertThat(isThere(picture)).isTrue();
    }

    @Test
    void uploads_nobody_sent_are_gone_after_their_time() {
        Attachment old = given.picture(talk, anna);
        Instant between = given.now();
        Attachment young = given.picture(talk, anna);

        attachments().dropUnsent(between);

        assertThat(isThere(old)).isFalse();
        assertThat(isThere(young)).isTrue();
        Refused.invalid("attachment_id", () -> talk.post(anna, sending(old)));
        talk.post(anna, sending(young));
        assertThat(removeAllGone()).contains(old.id()).doesNotContain(young.id());
    }

    @Test
    void the_files_of_an_erased_user_are_to_be_removed() {
        Attachment unsent = given.picture(talk, anna);
        Attachment sent = given.picture(talk, anna);
        talk.post(anna, sending(sent));
        Attachment johns = given.picture(talk, john);

        given.ports().users().erase(anna.id(), given.now());

        assertThat(removeAllGone()).containsExactlyInAnyOrder(unsent.id(), sent.id());
        assertThat(attachments().find(johns.id(), john.id())).isPresent();
    }

    @Test
    void what_could_not_be_removed_is_tried_again() {
        Attachment one = given.picture(talk, anna);
        Attachment two = given.picture(talk, anna);
        attachments().drop(one.id());
        attachments().drop(two.id());

        int removed =
                attachments()
                        .removeGone(
                                100,
                                id -> {
                                    if (id.equals(one.id())) {
                                        throw Refusal.unavailable("not now");
                                    }
                                });

        assertThat(removed).isEqualTo(1);
        assertThat(removeAllGone()).containsExactly(one.id());
    }

    @Test
    void those_who_clear_up_at_the_same_time_share_the_work() throws Exception {
        List<AttachmentId> gone = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Attachment picture = given.picture(talk, anna);
            attachments().drop(picture.id());
            gone.add(picture.id());
        }
        ConcurrentLinkedQueue<AttachmentId> removed = new ConcurrentLinkedQueue<>();
        List<Thread> cleaners = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            cleaners.add(
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        while (attachments().removeGone(3, removed::add) > 0) {
                                            // Three more.
                                        }
                                    }));
        }
        for (Thread cleaner : cleaners) {
            cleaner.join();
        }

        assertThat(removed).containsExactlyInAnyOrderElementsOf(gone);
    }

    @Test
    void a_file_is_either_sent_or_cleared_up() throws Exception {
        for (int i = 0; i < 20; i++) {
            Attachment picture = given.picture(talk, anna);
            Instant later = given.now();
            Thread sweeper = Thread.ofVirtual().start(() -> attachments().dropUnsent(later));
            boolean sent = true;
            try {
                talk.post(anna, sending(picture));
            } catch (Refusal e) {
                sent = false;
            }
            sweeper.join();

            assertThat(isThere(picture)).isEqualTo(sent);
        }
    }

    private static Draft sending(Attachment file) {
        return new Draft(
                file.width().isPresent() ? MessageType.IMAGE : MessageType.FILE,
                "",
                Optional.empty(),
                Optional.empty(),
                Optional.of(file.id()),
                Optional.empty());
    }
}
