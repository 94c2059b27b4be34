package com.ecleaner.chat.domain.port;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.message.Attachment;
import com.ecleaner.chat.domain.message.AttachmentId;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.user.UserId;
import com.ecleaner.chat.domain.view.Seat;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What is known of uploaded files. Their bytes are the {@link FileStore}'s: a record is made before
 * them and forgotten after them, so there are never bytes that nobody knows of. Thread-safe; may
 * block; throws a {@link Refusal} {@code unavailable} where the store is away.
 *
 * <p>A message takes its file in the {@link RoomLog}'s commit. Files of deleted messages and erased
 * users are gone with the commit that says so; {@link #removeGone} then clears up behind it.
 */
public interface Attachments {
    /** A file that somebody uploaded for a room. */
    record Upload(Attachment file, RoomId room, UserId uploader, Instant at) {}

    /**
     * How much one user may have.
     *
     * @param unsent files that wait for their message
     * @param bytes in files uploaded after {@code since}, sent or not
     */
    record Quota(int unsent, long bytes, Instant since) {
        /**
         * Returns where a user may have that much.
         *
         * @throws Refusal {@code rate_limited}
         */
        public void require(long unsentFiles, long recentBytes) {
            if (unsentFiles > unsent) {
                throw Refusal.rateLimited(
                        SEND_FIRST_SECONDS, "send the files you have uploaded before you add more");
            }
            if (recentBytes > bytes) {
                throw Refusal.rateLimited(
                        COME_BACK_SECONDS, "that is more than you may upload in a day");
            }
        }

        private static final double SEND_FIRST_SECONDS = 10;
        private static final double COME_BACK_SECONDS = 3600;
    }

    /** A file, and how somebody stands to its room. */
    record Found(Upload upload, Seat seat) {}

    /**
     * Notes an upload; its message may take it from now on.
     *
     * @throws Refusal {@code rate_limited} where it would be more than the quota, {@code not_found}
     *     where the room is not there or the uploader was erased
     */
    void add(Upload upload, Quota quota);

    /** A file that is not gone, and how {@code viewer} stands to its room, in one look. */
    Optional<Found> find(AttachmentId id, UserId viewer);

    /** An upload that failed after it was noted: it is gone. */
    void drop(AttachmentId id);

    /**
     * Files that were uploaded before {@code before} and that no message took are gone.
     *
     * @return how many
     */
    int dropUnsent(Instant before);

    /**
     * Forgets files that are gone, each after {@code removal} has removed its bytes; one for which
     * it throws is left for another time. Two who do this at the same time share the work.
     *
     * @param limit how many at most, 1 and up
     * @return how many were forgotten
     */
    int removeGone(int limit, Consumer<AttachmentId> removal);
}
