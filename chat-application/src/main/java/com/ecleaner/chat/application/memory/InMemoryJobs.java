package com.ecleaner.chat.application.memory;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.event.RoomEvent;
import com.ecleaner.chat.domain.job.Job;
import com.ecleaner.chat.domain.job.JobId;
import com.ecleaner.chat.domain.log.Outcome;
import com.ecleaner.chat.domain.log.RoomChange;
import com.ecleaner.chat.domain.message.Draft;
import com.ecleaner.chat.domain.port.Jobs;
import com.ecleaner.chat.domain.room.Room;
import com.ecleaner.chat.domain.room.RoomKey;
import com.ecleaner.chat.domain.user.Actor;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.User;
import com.ecleaner.chat.domain.user.UserId;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Jobs in memory. */
final class InMemoryJobs implements Jobs {
    private final Memory memory;
    private final InMemoryUsers users;

    InMemoryJobs(Memory memory) {
        this.memory = memory;
        this.users = new InMemoryUsers(memory);
    }

    @Override
    public Optional<Job> find(JobId id) {
        return Optional.ofNullable(memory.jobs.get(id));
    }

    @Override
    public Written write(Writing writing, Actor platform, Instant at) {
        memory.whole.lock();
        try {
            refuseErased("client", writing.client());
            refuseErased("cleaner", writing.cleaner());
            Optional<Job> before = find(writing.id());
            Job job =
                    new Job(
                            writing.id(),
                            writing.title(),
                            writing.status(),
                            writing.client().map(Person::id),
                            writing.cleaner().map(Person::id),
                            writing.active().or(() -> before.map(Job::active)).orElse(true));
            writing.client().ifPresent(person -> users.write(person, Optional.empty()));
            writing.cleaner().ifPresent(person -> users.write(person, Optional.empty()));
            memory.jobs.put(job.id(), job);
            return before.isEmpty()
                    ? new Written(job, true, List.of(opened(job, at)))
                    : new Written(job, false, followed(before.get(), job, platform, at));
        } finally {
            memory.whole.unlock();
        }
    }

    private void refuseErased(String field, Optional<Person> person) {
        if (person.flatMap(p -> users.find(p.id())).filter(User::erased).isPresent()) {
            throw Refusal.invalid(field, "was erased");
        }
    }

    private Outcome opened(Job job, Instant at) {
        Room room =
                memory.make(RoomKey.OfJob.main(job.id()), job.people(), job.active(), at).room();
        Set<UserId> joined = Set.copyOf(job.people().keySet());
        RoomEvent opened =
                new RoomEvent.RoomChanged(room.id(), room.version(), room.type(), joined, Set.of());
        return new Outcome(
                room.id(), opened.version(), List.of(opened), Optional.empty(), false, 0, 0);
    }

    private List<Outcome> followed(Job before, Job job, Actor platform, Instant at) {
        boolean tell = !before.status().equals(job.status());
        List<Outcome> outcomes = new ArrayList<>();
        for (RoomMemory memo : memory.roomsOf(job.id())) {
            Room room = memo.room();
            RoomChange follow = new RoomChange.FollowJob(room.id(), job.people(), job.active(), at);
            if (!tell || room.key().topic().isPresent()) {
                outcomes.addAll(memo.change(follow));
                continue;
            }
            RoomChange announce =
                    new RoomChange.Announce(
                            room.id(),
                            platform,
                            Draft.statusChanged(before.status(), job.status()),
                            at);
            boolean closing = room.active() && !job.active();
            outcomes.addAll(
                    closing ? memo.change(announce, follow) : memo.change(follow, announce));
        }
        return List.copyOf(outcomes);
    }
}
