package com.ecleaner.chat.domain.port;

import com.ecleaner.chat.domain.job.Job;
import com.ecleaner.chat.domain.job.JobId;
import com.ecleaner.chat.domain.log.Outcome;
import com.ecleaner.chat.domain.user.Actor;
import com.ecleaner.chat.domain.user.Person;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The platform's jobs as the chat knows them. Thread-safe; may block; throws a {@link
 * com.ecleaner.chat.domain.Refusal} {@code unavailable} where the store is away.
 */
public interface Jobs {
    /**
     * What the platform writes about a job.
     *
     * @param client names of the client, if the job has one
     * @param cleaner names of the assigned cleaner, if there is one
     * @param active nothing: as it was, true for a new job
     */
    record Writing(
            JobId id,
            String title,
            String status,
            Optional<Person> client,
            Optional<Person> cleaner,
            Optional<Boolean> active) {}

    /** The job as it is now, whether it is new, and what it changed in its rooms, room by room. */
    record Written(Job job, boolean created, List<Outcome> outcomes) {}

    Optional<Job> find(JobId id);

    /**
     * Writes the job, its people's names, its main room, the people and state of all its rooms, and
     * a {@code job_update} in the main room when an existing job's status changed: all in one
     * transaction, rooms locked in id order. A message about the status comes before a closing and
     * after a reopening.
     *
     * @throws com.ecleaner.chat.domain.Refusal {@code invalid} where a person was erased
     */
    Written write(Writing job, Actor platform, Instant at);
}
