package com.ecleaner.chat.application.signin;

import static org.assertj.core.api.Assertions.assertThat;

import com.ecleaner.chat.application.memory.InMemoryStore;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.UserId;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

class DoorkeeperTest {
    private static final Person ANNA = new Person(new UserId("26"), "anna", "Anna");

    private Instant now = Instant.parse("2025-10-25T10:30:00Z");
    private Duration tokenLife = Duration.ofHours(1);
    private Duration kept = Duration.ZERO;

    /** Keeps them whatever the time is. */
    private final Tickets tickets =
            new Tickets() {
                private final Map<String, Identity> all = new HashMap<>();

                @Override
                public void keep(String ticket, Identity identity, Duration keptFor) {
                    all.put(ticket, identity);
                    kept = keptFor;
                }

                @Override
                public Optional<Identity> take(String ticket) {
                    return Optional.ofNullable(all.remove(ticket));
                }
            };

    private final Doorkeeper doorkeeper =
            new Doorkeeper(
                    token -> Optional.of(new Identity(ANNA, Role.CLIENT, now.plus(tokenLife))),
                    tickets,
                    new InMemoryStore().users(),
                    () -> now);

    private Doorkeeper.Ticket ticket() {
        return doorkeeper.ticket(doorkeeper.admit("a token").orElseThrow());
    }

    @Test
    void a_ticket_is_kept_for_half_a_minute() {
        assertThat(ticket().life()).isEqualTo(Duration.ofSeconds(30)).isEqualTo(kept);
    }

    @Test
    void a_ticket_is_kept_no_longer_than_its_token_holds() {
        tokenLife = Duration.ofSeconds(12);

        assertThat(ticket().life()).isEqualTo(Duration.ofSeconds(12)).isEqualTo(kept);
    }

    @Test
    void nobody_comes_in_by_a_ticket_whose_token_has_expired_however_long_it_was_kept() {
        tokenLife = Duration.ofSeconds(12);
        Doorkeeper.Ticket intime = ticket();
        Doorkeeper.Ticket late = ticket();

        now = now.plusSeconds(11);
        assertThat(doorkeeper.admitTicket(intime.secret())).isPresent();
        now = now.plusSeconds(1);
        assertThat(doorkeeper.admitTicket(late.secret())).isEmpty();
    }
}
