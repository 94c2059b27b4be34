package com.ecleaner.chat.redis;

import com.ecleaner.chat.application.signin.Identity;
import com.ecleaner.chat.application.signin.Tickets;
import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.UserId;

import org.redisson.client.codec.ByteArrayCodec;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;

/**
 * Tickets that are good on every node, once. Redis knows only what a ticket hashes to: whoever
 * reads along there can use none. Thread-safe; waits a moment, then says {@code unavailable}.
 */
final class RedisTickets implements Tickets {
    private static final int VERSION = 1;

    private final RedisLink link;

    RedisTickets(RedisLink link) {
        this.link = link;
    }

    @Override
    public void keep(String ticket, Identity identity, Duration keptFor) {
        if (keptFor.toMillis() < 1) {
            return;
        }
        byte[] bytes =
                new BytesOut()
                        .octet(VERSION)
                        .text(identity.person().id().value())
                        .text(identity.person().username())
                        .text(identity.person().firstName())
                        .text(identity.role().name())
                        .instant(identity.expiresAt())
                        .bytes();
        try {
            link.<Void>ask(
                    redis ->
                            redis.<byte[]>getBucket(key(ticket), ByteArrayCodec.INSTANCE)
                                    .setAsync(bytes, keptFor));
        } catch (RedisLink.RedisAway e) {
            throw Refusal.unavailable("no tickets at the moment");
        }
    }

    @Override
    public Optional<Identity> take(String ticket) {
        byte[] bytes;
        try {
            bytes =
                    link.ask(
                            redis ->
                                    redis.<byte[]>getBucket(key(ticket), ByteArrayCodec.INSTANCE)
                                            .getAndDeleteAsync());
        } catch (RedisLink.RedisAway e) {
            throw Refusal.unavailable("no tickets at the moment");
        }
        return bytes == null ? Optional.empty() : identity(bytes);
    }

    private static Optional<Identity> identity(byte[] bytes) {
        try {
            BytesIn in = new BytesIn(bytes);
            if (in.octet() != VERSION) {
                return Optional.empty();
            }
            Person person = new Person(new UserId(in.text()), in.text(), in.text());
            return Optional.of(new Identity(person, Role.valueOf(in.text()), in.instant()));
        } catch (RuntimeException damaged) {
            return Optional.empty();
        }
    }

    private static String key(String ticket) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(ticket.getBytes(StandardCharsets.UTF_8));
            return "chat:ticket:" + Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
