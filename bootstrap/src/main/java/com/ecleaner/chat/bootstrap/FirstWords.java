package com.ecleaner.chat.bootstrap;

import com.ecleaner.chat.application.Chat;
import com.ecleaner.chat.bootstrap.Marketplace.Player;
import com.ecleaner.chat.domain.message.AttachmentId;
import com.ecleaner.chat.domain.message.ClientId;
import com.ecleaner.chat.domain.message.Draft;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.message.MessageType;
import com.ecleaner.chat.domain.room.RoomId;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;

/**
 * What the demo's people have said before anybody looks: over some days, so that a conversation
 * looks as one does. By the same use cases as everything else, at an earlier time by the clock.
 */
final class FirstWords {
    /** A clock that can be set back, and goes right again once all is said. Thread-safe. */
    static final class Clock implements InstantSource {
        private final InstantSource right;
        private volatile Duration ago = Duration.ZERO;

        Clock(InstantSource right) {
            this.right = right;
        }

        @Override
        public Instant instant() {
            return right.instant().minus(ago);
        }

        /** Does something as if it were that long ago. */
        void before(Duration time, Runnable what) {
            Duration until = ago;
            ago = time;
            try {
                what.run();
            } finally {
                ago = until;
            }
        }
    }

    private final Chat chat;
    private final RoomId room;
    private int number;

    /** Those of one room. Said again after a start that broke off, they are there once. */
    FirstWords(Chat chat, RoomId room) {
        this.chat = chat;
        this.room = room;
    }

    Message say(Player who, String text) {
        return send(who, Draft.text(text));
    }

    Message reply(Player who, Message to, String text) {
        return send(who, Draft.text(text).inReplyTo(to.id()));
    }

    Message show(Player who, String picture, String text) {
        return send(
                who,
                new Draft(
                        MessageType.IMAGE,
                        text,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(upload(who, picture)),
                        Optional.empty()));
    }

    void edit(Player who, Message message, String text) {
        chat.editMessage().edit(who.actor(), room, message.id(), text).join();
    }

    /** Each of them has read all that was said so far. */
    void read(Player... readers) {
        for (Player reader : readers) {
            chat.markRead().read(reader.actor(), room, Long.MAX_VALUE).join();
        }
    }

    private Message send(Player who, Draft draft) {
        ClientId id = new ClientId("demo-" + room.value() + "-" + ++number);
        return chat.sendMessage()
                .send(who.actor(), room, draft.with(id))
                .join()
                .message()
                .orElseThrow();
    }

    private AttachmentId upload(Player who, String picture) {
        try (InputStream bytes =
                Objects.requireNonNull(FirstWords.class.getResourceAsStream("/demo/" + picture))) {
            return chat.uploadFile().upload(who.actor(), room, picture, bytes).id();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
