package com.ecleaner.chat.application.files;

import com.ecleaner.chat.application.limits.Gate;
import com.ecleaner.chat.application.messages.SendMessage;
import com.ecleaner.chat.application.rooms.Entry;
import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.access.Action;
import com.ecleaner.chat.domain.message.Attachment;
import com.ecleaner.chat.domain.message.AttachmentId;
import com.ecleaner.chat.domain.message.FileKey;
import com.ecleaner.chat.domain.message.FileName;
import com.ecleaner.chat.domain.port.Attachments;
import com.ecleaner.chat.domain.port.FileInspector;
import com.ecleaner.chat.domain.port.FileStore;
import com.ecleaner.chat.domain.port.RateLimits;
import com.ecleaner.chat.domain.port.Rooms;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.user.Actor;

import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Optional;

/** Takes in a file for a room; one of its uploader's messages may then name it. */
public final class UploadFile {
    private static final int ID_BYTES = 16;
    private static final Duration DAY = Duration.ofDays(1);

    private final Rooms rooms;
    private final Attachments attachments;
    private final FileStore store;
    private final FileInspector inspector;
    private final UploadLimits may;
    private final Gate gate;
    private final RateLimits limits;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    public UploadFile(
            Rooms rooms,
            Attachments attachments,
            FileStore store,
            FileInspector inspector,
            UploadLimits may,
            Gate gate,
            RateLimits limits,
            InstantSource clock) {
        this.rooms = rooms;
        this.attachments = attachments;
        this.store = store;
        this.inspector = inspector;
        this.may = may;
        this.gate = gate;
        this.limits = limits;
        this.clock = clock;
    }

    /** The largest file, in bytes; 0 where none are taken. */
    public long maxBytes() {
        return may.maxBytes();
    }

    /**
     * Takes in a file. Blocks while it comes.
     *
     * @param name as the uploader calls it, in any shape
     * @throws Refusal {@code not_found}, {@code forbidden} and {@code room_closed} as for writing,
     *     {@code too_large}, {@code rate_limited}, {@code unavailable}, and {@code invalid} naming
     *     {@code file}
     * @throws IOException where {@code bytes} break off; nothing is left of the upload then
     */
    public Attachment upload(Actor actor, RoomId room, String name, InputStream bytes)
            throws IOException {
        try (Upload upload = begin(actor)) {
            upload.room(room);
            upload.file(name, bytes);
            return upload.keep();
        }
    }

    /**
     * Begins an upload whose room and file come one after the other, in either order.
     *
     * @throws Refusal {@code rate_limited}, {@code unavailable}, {@code forbidden} where no files
     *     are taken
     */
    public Upload begin(Actor actor) {
        if (maxBytes() == 0) {
            throw Refusal.forbidden("files are not taken here");
        }
        SendMessage.takeOne(limits, actor);
        gate.enter(actor.id());
        return new Upload(actor);
    }

    /** One upload under way; nothing is left of it if it is closed before it is kept. */
    public final class Upload implements AutoCloseable {
        private final Actor actor;
        private Optional<RoomId> target = Optional.empty();
        private Optional<FileInspector.Arrived> arrived = Optional.empty();
        private String name = "";

        private Upload(Actor actor) {
            this.actor = actor;
        }

        /** Where the file is for; who may not write there is refused at once. */
        public void room(RoomId room) {
            if (target.isPresent()) {
                throw Refusal.invalid("room", "is there twice");
            }
            requireWrite(room);
            target = Optional.of(room);
        }

        /** The file itself; reads all of {@code bytes}, up to the limit. */
        public void file(String uploadersName, InputStream bytes) throws IOException {
            if (arrived.isPresent()) {
                throw Refusal.invalid("file", "one at a time");
            }
            name = uploadersName;
            arrived = Optional.of(inspector.receive(bytes, maxBytes()));
        }

        /** Looks into the file and keeps it. */
        public Attachment keep() {
            RoomId room = target.orElseThrow(() -> Refusal.invalid("room", "is required"));
            FileInspector.Arrived file =
                    arrived.orElseThrow(() -> Refusal.invalid("file", "is required"));
            if (file.size() == 0) {
                throw Refusal.invalid("file", "is empty");
            }
            // It may have taken a while.
            requireWrite(room);
            FileInspector.Inspected inspected = file.inspect();
            return UploadFile.this.keep(actor, room, name, inspected);
        }

        private void requireWrite(RoomId room) {
            Entry.require(Action.WRITE, actor, rooms.seat(room, actor.id()));
        }

        @Override
        public void close() {
            try {
                arrived.ifPresent(FileInspector.Arrived::close);
            } finally {
                gate.leave(actor.id());
            }
        }
    }

    private Attachment keep(
            Actor actor, RoomId room, String name, FileInspector.Inspected inspected) {
        byte[] secret = new byte[ID_BYTES];
        random.nextBytes(secret);
        Attachment file =
                new Attachment(
                        new AttachmentId(HexFormat.of().formatHex(secret)),
                        FileName.of(name).fitting(inspected.contentType()).value(),
                        inspected.contentType(),
                        inspected.content().size(),
                        inspected.width(),
                        inspected.height(),
                        inspected.thumbnail().isPresent());
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        attachments.add(
                new Attachments.Upload(file, room, actor.id(), now),
                new Attachments.Quota(may.unsent(), may.bytesPerDay(), now.minus(DAY)));
        try {
            store.put(FileKey.whole(file.id()), inspected.content());
            inspected
                    .thumbnail()
                    .ifPresent(small -> store.put(FileKey.thumbnail(file.id()), small));
        } catch (RuntimeException e) {
            dropAfter(e, file.id());
            throw e;
        }
        return file;
    }

    /** Where this fails as well, the file is cleared up as one that nobody sent. */
    private void dropAfter(RuntimeException fault, AttachmentId id) {
        try {
            attachments.drop(id);
        } catch (RuntimeException e) {
            fault.addSuppressed(e);
        }
    }
}
