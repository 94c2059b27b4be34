package com.ecleaner.chat.domain.job;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.Text;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.UserId;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A booked job: who talks in its rooms, and whether they still may.
 *
 * @param title up to 200 characters, may be empty
 * @param status the platform's own word for where the job stands, 1–100 characters
 * @param client who booked it; nobody once their account is gone
 * @param cleaner who is assigned; nobody before and between assignments
 * @param active false once the job is over: its rooms can be read, not written
 */
public record Job(
        JobId id,
        String title,
        String status,
        Optional<UserId> client,
        Optional<UserId> cleaner,
        boolean active) {
    public Job {
        Text.line("title", title, 0, 200);
        Text.line("status", status, 1, 100);
        if (client.isPresent() && client.equals(cleaner)) {
            throw Refusal.invalid("cleaner", "must not be the client");
        }
    }

    /** Who is in the job's rooms, and as what. */
    public Map<UserId, Role> people() {
        Map<UserId, Role> people = new LinkedHashMap<>();
        client.ifPresent(user -> people.put(user, Role.CLIENT));
        cleaner.ifPresent(user -> people.put(user, Role.CLEANER));
        return people;
    }
}
