package com.ecleaner.chat.application.platform;

import com.ecleaner.chat.application.commit.Commits;
import com.ecleaner.chat.application.files.SweepFiles;
import com.ecleaner.chat.domain.event.Passing;
import com.ecleaner.chat.domain.port.EventBus;
import com.ecleaner.chat.domain.port.Users;
import com.ecleaner.chat.domain.user.Actor;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.User;
import com.ecleaner.chat.domain.user.UserId;

import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** The platform writes who its users are, and asks for one to be forgotten. */
public final class MaintainUsers {
    private static final System.Logger LOG = System.getLogger(MaintainUsers.class.getName());

    private final Users users;
    private final Commits commits;
    private final EventBus bus;
    private final SweepFiles sweepFiles;
    private final InstantSource clock;

    public MaintainUsers(
            Users users,
            Commits commits,
            EventBus bus,
            SweepFiles sweepFiles,
            InstantSource clock) {
        this.users = users;
        this.commits = commits;
        this.bus = bus;
        this.sweepFiles = sweepFiles;
        this.clock = clock;
    }

    /**
     * Names a user and, where given, says what they are; open connections follow at once. Who is no
     * admin any more is out of the rooms in which they were one. Blocks.
     *
     * @throws com.ecleaner.chat.domain.Refusal {@code forbidden} for anybody but the platform,
     *     {@code not_found} for an erased user
     */
    public User put(Actor platform, Person person, Optional<Role> role) {
        Platform.require(platform);
        Users.Written written = users.write(person, role);
        written.outcomes().forEach(commits::tell);
        bus.publish(new Passing.UserChanged(written.user()));
        return written.user();
    }

    /**
     * Erases a user; see {@link Users#erase}. Their connections end, and everybody's view of them
     * blanks; on return the bytes of their files are removed as well. Blocks.
     *
     * @return what was removed; the same is written to the log, in one line
     */
    public Users.Erasure erase(Actor platform, UserId id) {
        Platform.require(platform);
        Users.Erasure erasure = users.erase(id, clock.instant().truncatedTo(ChronoUnit.MILLIS));
        erasure.outcomes().forEach(commits::tell);
        bus.publish(
                new Passing.UserChanged(
                        new User(Person.nameless(id), Optional.empty(), true, true)));
        sweepFiles.removeGone();
        LOG.log(
                System.Logger.Level.INFO,
                () ->
                        "user "
                                + id
                                + " was erased: %d rooms, %d messages, %d edits, %d files"
                                        .formatted(
                                                erasure.rooms(),
                                                erasure.messages(),
                                                erasure.edits(),
                                                erasure.files()));
        return erasure;
    }
}
