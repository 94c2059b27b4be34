package com.ecleaner.chat.persistence;

import com.ecleaner.chat.domain.job.Job;
import com.ecleaner.chat.domain.job.JobId;
import com.ecleaner.chat.domain.user.UserId;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/** A row of {@code job}. */
@Entity(name = "JobRow")
@Table(name = "job")
class JobRow {
    @Id
    @Column(columnDefinition = "text")
    String id = "";

    @Column(columnDefinition = "text", nullable = false)
    String title = "";

    @Column(columnDefinition = "text", nullable = false)
    String status = "";

    @Column(name = "client_id", columnDefinition = "text")
    @Nullable String clientId;

    @Column(name = "cleaner_id", columnDefinition = "text")
    @Nullable String cleanerId;

    @Column(name = "is_active", nullable = false)
    boolean active;

    /** For Hibernate. */
    protected JobRow() {}

    static JobRow of(Job job) {
        JobRow row = new JobRow();
        row.id = job.id().value();
        row.title = job.title();
        row.status = job.status();
        row.clientId = job.client().map(UserId::value).orElse(null);
        row.cleanerId = job.cleaner().map(UserId::value).orElse(null);
        row.active = job.active();
        return row;
    }

    Job job() {
        return new Job(
                new JobId(id),
                title,
                status,
                Optional.ofNullable(clientId).map(UserId::new),
                Optional.ofNullable(cleanerId).map(UserId::new),
                active);
    }
}
