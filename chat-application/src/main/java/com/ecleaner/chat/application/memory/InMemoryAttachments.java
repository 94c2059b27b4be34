package com.ecleaner.chat.application.memory;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.message.AttachmentId;
import com.ecleaner.chat.domain.port.Attachments;
import com.ecleaner.chat.domain.user.User;
import com.ecleaner.chat.domain.user.UserId;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** What is known of files, in memory. */
final class InMemoryAttachments implements Attachments {
    private final Memory memory;

    /** Whoever adds has counted before; whoever removes has asked before. */
    private final ReentrantLock adding = new ReentrantLock();

    private final ReentrantLock removing = new ReentrantLock();

    InMemoryAttachments(Memory memory) {
        this.memory = memory;
    }

    @Override
    public void add(Upload upload, Quota quota) {
        RoomMemory room = memory.room(upload.room());
        adding.lock();
        try {
            List<FileMemory> own =
                    memory.files.values().stream()
                            .filter(f -> f.is(upload.uploader()) && !f.isGone())
                            .toList();
            long bytes =
                    own.stream()
                            .filter(f -> f.upload().at().isAfter(quota.since()))
                            .mapToLong(f -> f.upload().file().size())
                            .sum();
            quota.require(
                    own.stream().filter(f -> !f.isTaken()).count() + 1,
                    bytes + upload.file().size());
            room.read(
                    r -> {
                        // An erasure marks the user first and then comes through every room.
                        if (isErased(upload.uploader())) {
                            throw Refusal.notFound("user");
                        }
                        return memory.files.put(upload.file().id(), new FileMemory(upload));
                    });
        } finally {
            adding.unlock();
        }
    }

    private boolean isErased(UserId user) {
        return Optional.ofNullable(memory.users.get(user)).filter(User::erased).isPresent();
    }

    @Override
    public Optional<Found> find(AttachmentId id, UserId viewer) {
        return Optional.ofNullable(memory.files.get(id))
                .flatMap(
                        file ->
                                memory.room(file.upload().room())
                                        .read(
                                                room ->
                                                        file.isGone()
                                                                ? Optional.empty()
                                                                : Optional.of(
                                                                        new Found(
                                                                                file.upload(),
                                                                                room.seat(
                                                                                        viewer)))));
    }

    @Override
    public void drop(AttachmentId id) {
        Optional.ofNullable(memory.files.get(id)).ifPresent(this::dropUntaken);
    }

    @Override
    public int dropUnsent(Instant before) {
        return (int)
                memory.files.values().stream()
                        .filter(file -> file.upload().at().isBefore(before))
                        .filter(this::dropUntaken)
                        .count();
    }

    /** Under the room's lock, where a message would take it. */
    private boolean dropUntaken(FileMemory file) {
        return memory.room(file.upload().room()).read(room -> file.dropUntaken());
    }

    @Override
    public int removeGone(int limit, Consumer<AttachmentId> removal) {
        removing.lock();
        try {
            int removed = 0;
            for (FileMemory file :
                    memory.files.values().stream()
                            .filter(FileMemory::isGone)
                            .limit(limit)
                            .toList()) {
                AttachmentId id = file.upload().file().id();
                try {
                    removal.accept(id);
                } catch (RuntimeException e) {
                    continue;
                }
                memory.files.remove(id);
                removed++;
            }
            return removed;
        } finally {
            removing.unlock();
        }
    }
}
