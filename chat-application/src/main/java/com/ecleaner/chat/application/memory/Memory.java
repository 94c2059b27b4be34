package com.ecleaner.chat.application.memory;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.job.Job;
import com.ecleaner.chat.domain.job.JobId;
import com.ecleaner.chat.domain.message.AttachmentId;
import com.ecleaner.chat.domain.message.MessageId;
import com.ecleaner.chat.domain.room.Participant;
import com.ecleaner.chat.domain.room.Room;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.room.RoomKey;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.User;
import com.ecleaner.chat.domain.user.UserId;

import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What the memory adapters share. Each room has its own lock; what touches several rooms or makes
 * one (jobs, erasures, opening) is done one at a time under {@link #whole}, which is taken before
 * any room's lock.
 */
final class Memory {
    final Map<UserId, User> users = new ConcurrentHashMap<>();
    final Map<JobId, Job> jobs = new ConcurrentHashMap<>();
    final Map<AttachmentId, FileMemory> files = new ConcurrentHashMap<>();
    final ReentrantLock whole = new ReentrantLock();

    private final ConcurrentSkipListMap<RoomId, RoomMemory> rooms = new ConcurrentSkipListMap<>();
    private final Map<RoomKey, RoomMemory> byKey = new ConcurrentHashMap<>();
    private final Map<UserId, Map<RoomId, RoomMemory>> byUser = new ConcurrentHashMap<>();
    private final AtomicLong roomIds = new AtomicLong();
    private final AtomicLong messageIds = new AtomicLong();
    private final AtomicLong changes = new AtomicLong(1);
    private final Map<UserId, Long> usersChanged = new ConcurrentHashMap<>();

    MessageId nextMessageId() {
        return new MessageId(messageIds.incrementAndGet());
    }

    Optional<FileMemory> file(AttachmentId id) {
        return Optional.ofNullable(files.get(id));
    }

    /** The number of the last change of anything. */
    long changes() {
        return changes.get();
    }

    /** A change has been made; its number is above that of all before it. */
    long changed() {
        return changes.incrementAndGet();
    }

    void changed(UserId user) {
        usersChanged.put(user, changed());
    }

    List<User> usersChangedAfter(long change) {
        return usersChanged.entrySet().stream()
                .filter(entry -> entry.getValue() > change)
                .map(entry -> users.get(entry.getKey()))
                .toList();
    }

    /** All rooms, in order of id. */
    Collection<RoomMemory> rooms() {
        return rooms.values();
    }

    Optional<RoomMemory> find(RoomId id) {
        return Optional.ofNullable(rooms.get(id));
    }

    Optional<RoomMemory> find(RoomKey key) {
        return Optional.ofNullable(byKey.get(key));
    }

    RoomMemory room(RoomId id) {
        return find(id).orElseThrow(() -> Refusal.notFound("room"));
    }

    /** A job's rooms, main and further, in order of id. */
    List<RoomMemory> roomsOf(JobId job) {
        return rooms().stream()
                .filter(r -> r.room().key() instanceof RoomKey.OfJob key && key.of().equals(job))
                .toList();
    }

    /** The rooms in which the user has a row, whether they are in or were. */
    Collection<RoomMemory> roomsWith(UserId user) {
        return byUser.getOrDefault(user, Map.of()).values();
    }

    void hasRow(UserId user, RoomMemory room) {
        byUser.computeIfAbsent(user, u -> new ConcurrentSkipListMap<>())
                .put(room.room().id(), room);
    }

    Person person(UserId id) {
        User user = users.get(id);
        return user == null ? Person.nameless(id) : user.person();
    }

    /** Makes the room of a key that has none; {@link #whole} is held. */
    RoomMemory make(RoomKey key, Map<UserId, Role> people, boolean active, Instant at) {
        RoomId id = new RoomId(roomIds.incrementAndGet());
        Room room = new Room(id, key, at, at, active, 1, 1, 0, people.size());
        Map<UserId, Participant> rows = new LinkedHashMap<>();
        people.forEach((user, role) -> rows.put(user, Participant.joining(user, role, at, 0, 1)));
        RoomMemory made = new RoomMemory(this, room, rows);
        Set<UserId> joined = Set.copyOf(rows.keySet());
        rooms.put(id, made);
        byKey.put(key, made);
        joined.forEach(user -> hasRow(user, made));
        return made;
    }
}
