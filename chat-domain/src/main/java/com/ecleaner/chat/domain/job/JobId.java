package com.ecleaner.chat.domain.job;

import com.ecleaner.chat.domain.Text;

/** A job's id. It belongs to the platform and is opaque: 1–64 characters without controls. */
public record JobId(String value) {
    public JobId {
        Text.line("job_id", value, 1, 64);
    }

    @Override
    public String toString() {
        return value;
    }
}
