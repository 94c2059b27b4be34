package com.ecleaner.chat.domain.port;

import com.ecleaner.chat.domain.log.Outcome;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.User;
import com.ecleaner.chat.domain.user.UserId;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Users as the chat knows them. Thread-safe; may block; throws a {@link
 * com.ecleaner.chat.domain.Refusal} {@code unavailable} where the store is away.
 */
public interface Users {
    /**
     * What an erasure removed; of one that an earlier one left unfinished, what was left.
     *
     * @param messages how many lost their content, and the words they were found by
     * @param edits how many earlier contents of theirs are gone
     * @param files how many uploads are gone, sent or not
     * @param outcomes the user's rooms with what changed there
     */
    record Erasure(UserId user, long messages, long edits, long files, List<Outcome> outcomes) {
        /** In how many rooms something was removed. */
        public long rooms() {
            return outcomes.stream().map(Outcome::room).distinct().count();
        }
    }

    /** The user as they are now, and what that changed in their rooms, room by room. */
    record Written(User user, List<Outcome> outcomes) {}

    Optional<User> find(UserId id);

    /**
     * A token named somebody: its names are kept where the platform has given none. Returns what
     * counts now.
     */
    User seen(Person person);

    /**
     * The platform names somebody and, where {@code role} is given, says what they are. Who is no
     * admin any more is put out of the rooms in which they were one; writing the same again does
     * what a fault left undone of that.
     *
     * @throws com.ecleaner.chat.domain.Refusal {@code not_found} where the user was erased
     */
    Written write(Person person, Optional<Role> role);

    /**
     * Forgets somebody: names, contents of their messages, membership. The numbering is kept, the
     * id is refused from then on. Erasing again, or somebody who was never seen, succeeds and
     * changes nothing further.
     */
    Erasure erase(UserId id, Instant at);
}
