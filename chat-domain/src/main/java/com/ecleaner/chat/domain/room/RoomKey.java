package com.ecleaner.chat.domain.room;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.Text;
import com.ecleaner.chat.domain.job.JobId;
import com.ecleaner.chat.domain.user.UserId;

import java.util.Optional;

/**
 * What makes a room that room: there is one room for each key, whoever opens it and however often.
 *
 * <p>Topics and general names have 1–100 characters, without controls and {@code /}.
 */
public sealed interface RoomKey {
    RoomType type();

    /** The room's name as people and the seed's clients see it. */
    String name();

    default Optional<JobId> job() {
        return Optional.empty();
    }

    default Optional<String> topic() {
        return Optional.empty();
    }

    /** A job's main room, or with a topic one of its further rooms. */
    record OfJob(JobId of, Optional<String> topic) implements RoomKey {
        public OfJob {
            topic.ifPresent(t -> label("topic", t));
        }

        public static OfJob main(JobId job) {
            return new OfJob(job, Optional.empty());
        }

        @Override
        public RoomType type() {
            return RoomType.JOB;
        }

        /** {@code job_chat_5}, as the seed names it; further rooms add their topic. */
        @Override
        public String name() {
            return "job_chat_" + of + topic.map(t -> "_" + t).orElse("");
        }

        @Override
        public Optional<JobId> job() {
            return Optional.of(of);
        }
    }

    /** One person's talk with support: one per opener, job and topic. */
    record OfSupport(UserId opener, Optional<JobId> job, Optional<String> topic)
            implements RoomKey {
        public OfSupport {
            topic.ifPresent(t -> label("topic", t));
        }

        @Override
        public RoomType type() {
            return RoomType.SUPPORT;
        }

        @Override
        public String name() {
            return "support_"
                    + opener
                    + job.map(j -> "_job_" + j).orElse("")
                    + topic.map(t -> "_" + t).orElse("");
        }
    }

    /** A room anyone may enter by its name. */
    record OfAll(String name) implements RoomKey {
        public OfAll {
            label("name", name);
        }

        @Override
        public RoomType type() {
            return RoomType.GENERAL;
        }
    }

    private static void label(String field, String value) {
        Text.name(field, value, 1, 100);
        if (value.indexOf('/') >= 0) {
            throw Refusal.invalid(field, "must not contain '/'");
        }
    }
}
