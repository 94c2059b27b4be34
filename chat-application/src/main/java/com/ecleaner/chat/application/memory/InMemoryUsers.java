package com.ecleaner.chat.application.memory;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.job.Job;
import com.ecleaner.chat.domain.log.Outcome;
import com.ecleaner.chat.domain.log.RoomChange;
import com.ecleaner.chat.domain.port.Users;
import com.ecleaner.chat.domain.room.Membership;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.User;
import com.ecleaner.chat.domain.user.UserId;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Users in memory. */
final class InMemoryUsers implements Users {
    private final Memory memory;

    InMemoryUsers(Memory memory) {
        this.memory = memory;
    }

    @Override
    public Optional<User> find(UserId id) {
        return Optional.ofNullable(memory.users.get(id));
    }

    @Override
    public User seen(Person person) {
        return change(person.id(), known -> known.learning(person));
    }

    @Override
    public Written write(Person person, Optional<Role> role) {
        User user =
                change(
                        person.id(),
                        known -> {
                            if (known.erased()) {
                                throw Refusal.notFound("user");
                            }
                            return new User(person, role.or(known::role), true, false);
                        });
        return new Written(user, user.role().isPresent() ? followRole(user.id()) : List.of());
    }

    /** Every room is asked: whoever is being let in anywhere has come in, or sees what they are. */
    private List<Outcome> followRole(UserId user) {
        List<Outcome> outcomes = new ArrayList<>();
        for (RoomMemory room : memory.rooms()) {
            if (room.read(r -> r.seat(user).membership()) == Membership.AS_ADMIN) {
                outcomes.addAll(room.change(new RoomChange.FollowRole(room.room().id(), user)));
            }
        }
        return List.copyOf(outcomes);
    }

    @Override
    public Erasure erase(UserId id, Instant at) {
        memory.whole.lock();
        try {
            boolean before = find(id).filter(User::erased).isPresent();
            if (before) {
                return new Erasure(id, 0, 0, 0, List.of());
            }
            // First of all: what is decided from now on refuses the user, in every room.
            change(id, known -> new User(known.person(), Optional.empty(), true, true));
            memory.jobs.replaceAll((jobId, job) -> without(id, job));
            long files = dropFiles(id);
            long messages = 0;
            long edits = 0;
            List<Outcome> outcomes = new ArrayList<>();
            for (RoomMemory room : memory.rooms()) {
                edits += room.read(r -> r.countOfEdits(id));
                messages +=
                        room.read(
                                r -> {
                                    int count = r.countOf(id);
                                    if (r.knows(id)) {
                                        outcomes.addAll(
                                                r.change(
                                                        new RoomChange.EraseAuthor(
                                                                r.room().id(), id, at)));
                                    }
                                    return count;
                                });
            }
            return new Erasure(id, messages, edits, files, List.copyOf(outcomes));
        } finally {
            memory.whole.unlock();
        }
    }

    private long dropFiles(UserId user) {
        long dropped = 0;
        for (FileMemory file : memory.files.values()) {
            if (file.is(user) && memory.room(file.upload().room()).read(r -> file.drop())) {
                dropped++;
            }
        }
        return dropped;
    }

    private static Job without(UserId user, Job job) {
        return job.people().containsKey(user)
                ? new Job(
                        job.id(),
                        job.title(),
                        job.status(),
                        job.client().filter(c -> !c.equals(user)),
                        job.cleaner().filter(c -> !c.equals(user)),
                        job.active())
                : job;
    }

    private User change(UserId id, UnaryOperator<User> how) {
        User now =
                memory.users.compute(
                        id,
                        (same, known) ->
                                how.apply(
                                        known == null
                                                ? new User(
                                                        Person.nameless(id),
                                                        Optional.empty(),
                                                        false,
                                                        false)
                                                : known));
        memory.changed(id);
        return now;
    }
}
