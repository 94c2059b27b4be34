package com.ecleaner.chat.domain.given;

import com.ecleaner.chat.domain.job.JobId;
import com.ecleaner.chat.domain.message.Attachment;
import com.ecleaner.chat.domain.message.AttachmentId;
import com.ecleaner.chat.domain.port.Attachments;
import com.ecleaner.chat.domain.port.Jobs;
import com.ecleaner.chat.domain.room.RoomKey;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.UserId;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * What a test starts from. Ids carry a mark of this one, so that tests sharing a store never meet;
 * the clock moves by a second whenever it is asked. Not thread-safe.
 */
public final class Given {
    private final Ports ports;
    private final String mark = UUID.randomUUID().toString().substring(0, 8);
    private Instant now = Instant.parse("2025-10-25T10:30:00.123Z");
    private int files;

    public Given(Ports ports) {
        this.ports = ports;
    }

    public Ports ports() {
        return ports;
    }

    /** A second later than the last time it was asked, to the millisecond. */
    public Instant now() {
        now = now.plus(Duration.ofSeconds(1));
        return now;
    }

    /** A name that no other test uses: {@code name-1a2b3c4d}. */
    public String unique(String name) {
        return name + "-" + mark;
    }

    public Somebody client(String name) {
        return somebody(name, Role.CLIENT);
    }

    public Somebody cleaner(String name) {
        return somebody(name, Role.CLEANER);
    }

    public Somebody admin(String name) {
        return somebody(name, Role.ADMIN);
    }

    /** The platform's own account. */
    public Somebody platform() {
        return somebody("platform", Role.SERVICE);
    }

    /** Somebody whose token was seen, and of whom the platform has said nothing. */
    public Somebody somebody(String name, Role role) {
        return somebody(new UserId(unique(name)), name, role);
    }

    public Somebody somebody(UserId id, String name, Role role) {
        Person person = new Person(id, name, "First " + name);
        ports.users().seen(person);
        return new Somebody(person, role);
    }

    /** A job that is to be booked. */
    public Booking job(String name) {
        return new Booking(this, new JobId(unique(name)));
    }

    /** The support room that {@code opener} opened. */
    public Talk support(Somebody opener) {
        return open(new RoomKey.OfSupport(opener.id(), Optional.empty(), Optional.empty()), opener);
    }

    /** The general room of that name, unique to this test. */
    public Talk general(String name) {
        return open(new RoomKey.OfAll(unique(name)));
    }

    public Talk open(RoomKey key) {
        return open(key, platform());
    }

    private Talk open(RoomKey key, Somebody by) {
        return new Talk(this, ports.rooms().open(key, by.actor(), now()).room().id());
    }

    /** A picture that {@code uploader} put into the room's store and has not sent yet. */
    public Attachment picture(Talk room, Somebody uploader) {
        Attachment picture = picture();
        ports.attachments()
                .add(
                        new Attachments.Upload(picture, room.id(), uploader.id(), now()),
                        new Attachments.Quota(Integer.MAX_VALUE, Long.MAX_VALUE, Instant.EPOCH));
        return picture;
    }

    /** What is known of a picture that nobody has put anywhere. */
    public Attachment picture() {
        return new Attachment(
                new AttachmentId(unique("picture-" + ++files)),
                "stain.jpg",
                "image/jpeg",
                48_213,
                OptionalInt.of(1600),
                OptionalInt.of(1200),
                true);
    }

    /** A job as the platform writes it. */
    public static final class Booking {
        private final Given given;
        private final JobId id;
        private String title = "Kitchen, 3 h";
        private String status = "assigned";
        private Optional<Person> client = Optional.empty();
        private Optional<Person> cleaner = Optional.empty();
        private Optional<Boolean> active = Optional.empty();

        private Booking(Given given, JobId id) {
            this.given = given;
            this.id = id;
        }

        public JobId id() {
            return id;
        }

        public Booking client(Somebody somebody) {
            client = Optional.of(somebody.person());
            return this;
        }

        public Booking cleaner(Somebody somebody) {
            cleaner = Optional.of(somebody.person());
            return this;
        }

        public Booking noCleaner() {
            cleaner = Optional.empty();
            return this;
        }

        public Booking title(String to) {
            title = to;
            return this;
        }

        public Booking status(String to) {
            status = to;
            return this;
        }

        public Booking active(boolean isActive) {
            active = Optional.of(isActive);
            return this;
        }

        /** The platform writes it as it stands here. */
        public Jobs.Written written() {
            return given.ports
                    .jobs()
                    .write(
                            new Jobs.Writing(id, title, status, client, cleaner, active),
                            given.platform().actor(),
                            given.now());
        }

        /** The platform writes it, and its people talk in its main room. */
        public Talk booked() {
            written();
            return given.open(RoomKey.OfJob.main(id));
        }
    }
}
