package com.ecleaner.chat.domain.given;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.log.Outcome;
import com.ecleaner.chat.domain.log.RoomChange;
import com.ecleaner.chat.domain.message.ClientId;
import com.ecleaner.chat.domain.message.Draft;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.message.MessageId;
import com.ecleaner.chat.domain.room.Room;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.view.Admission;
import com.ecleaner.chat.domain.view.Changes;
import com.ecleaner.chat.domain.view.MessagePage;
import com.ecleaner.chat.domain.view.Position;
import com.ecleaner.chat.domain.view.RoomView;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What people do in one room, one thing after another, each done when the method returns. */
public final class Talk {
    /** Whoever asks may read: the tests of stores leave access to those of the use cases. */
    public static final Admission ANYBODY = seat -> {};

    private final Given given;
    private final RoomId id;

    Talk(Given given, RoomId id) {
        this.given = given;
        this.id = id;
    }

    public RoomId id() {
        return id;
    }

    // --- changes

    public Message say(Somebody who, String text) {
        return post(who, Draft.text(text)).message().orElseThrow();
    }

    public Outcome say(Somebody who, String text, String clientId) {
        return post(who, Draft.text(text).with(new ClientId(clientId)));
    }

    public Outcome post(Somebody who, Draft draft) {
        return done(new RoomChange.Post(id, who.actor(), draft, given.now()));
    }

    public Message edit(Somebody who, Message message, String text) {
        return edit(who, message.id(), text).message().orElseThrow();
    }

    public Outcome edit(Somebody who, MessageId message, String text) {
        return done(new RoomChange.Edit(id, who.actor(), message, text, given.now()));
    }

    public Outcome delete(Somebody who, Message message) {
        return done(new RoomChange.Delete(id, who.actor(), message.id(), given.now()));
    }

    public Outcome read(Somebody who, long upToSeq) {
        return done(new RoomChange.Read(id, who.actor(), upToSeq));
    }

    public Outcome join(Somebody who) {
        return done(new RoomChange.Join(id, who.actor(), given.now()));
    }

    public Outcome leave(Somebody who) {
        return done(new RoomChange.Leave(id, who.actor()));
    }

    public Outcome close(Somebody who) {
        return done(new RoomChange.SetOpen(id, who.actor(), false));
    }

    public Outcome reopen(Somebody who) {
        return done(new RoomChange.SetOpen(id, who.actor(), true));
    }

    /** Appends the change and waits, with a bound, until it is durable. */
    public Outcome done(RoomChange change) {
        return outcome(given.ports().log().append(change));
    }

    /**
     * What the future comes to, waited for with a bound.
     *
     * @throws Refusal where it completes with one
     */
    public static Outcome outcome(CompletableFuture<Outcome> future) {
        try {
            return future.get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Refusal refusal) {
                throw refusal;
            }
            throw new AssertionError(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("the change did not complete", e);
        }
    }

    // --- what is there then

    public Room room() {
        return given.ports().rooms().find(id).orElseThrow();
    }

    public RoomView view(Somebody viewer) {
        return given.ports().rooms().view(id, viewer.id()).orElseThrow();
    }

    public long unread(Somebody viewer) {
        return view(viewer).unread();
    }

    public MessagePage history(Somebody reader, Position position, int limit) {
        return given.ports().rooms().history(id, reader.id(), ANYBODY, position, limit);
    }

    /** The whole log, page by page. */
    public List<Message> log(Somebody reader) {
        List<Message> log = new ArrayList<>();
        MessagePage page;
        do {
            page = history(reader, new Position.After(log.size()), 200);
            log.addAll(page.messages());
        } while (page.moreAfter());
        return log;
    }

    /** The message of that number as it is now. */
    public Message message(Somebody reader, long seq) {
        return history(reader, new Position.Around(seq), 1).messages().getFirst();
    }

    public Changes changes(Somebody reader, long seq, long version) {
        return given.ports().rooms().changes(id, reader.id(), ANYBODY, seq, version);
    }
}
