package com.ecleaner.chat.application.wire;

import com.ecleaner.chat.domain.Text;
import com.ecleaner.chat.domain.job.Job;
import com.ecleaner.chat.domain.job.JobId;
import com.ecleaner.chat.domain.message.Attachment;
import com.ecleaner.chat.domain.message.ClientId;
import com.ecleaner.chat.domain.message.JobChanges;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.message.Quote;
import com.ecleaner.chat.domain.port.Presence;
import com.ecleaner.chat.domain.room.Participant;
import com.ecleaner.chat.domain.search.Excerpt;
import com.ecleaner.chat.domain.search.Terms;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.UserId;
import com.ecleaner.chat.domain.view.Earlier;
import com.ecleaner.chat.domain.view.EarlierPage;
import com.ecleaner.chat.domain.view.Member;
import com.ecleaner.chat.domain.view.RoomView;
import com.ecleaner.chat.domain.view.SearchPage;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Writes the contract's objects. Every member is always there, {@code null} where there is nothing
 * to say; each method writes one whole value. Thread-safe.
 */
public final class Wire {
    private Wire() {}

    /** A message, the seed's fields first. */
    public static void message(JsonOut out, Message message) {
        out.object().name("id").value(message.id().value());
        person(out.name("sender"), message.sender());
        out.name("content").value(message.content());
        out.name("timestamp").value(message.timestamp());
        out.name("message_type").value(message.type().wireName());
        out.name("is_read").value(message.read());
        out.name("room").value(message.room().value());
        out.name("seq").value(message.seq());
        text(out.name("client_id"), message.clientId().map(ClientId::value));
        quote(out.name("reply_to"), message.replyTo());
        attachment(out.name("attachment"), message.attachment());
        changes(out.name("data"), message.data());
        time(out.name("edited_at"), message.editedAt());
        time(out.name("deleted_at"), message.deletedAt());
        out.end();
    }

    /** Messages as an array. */
    public static void messages(JsonOut out, List<Message> messages) {
        out.array();
        messages.forEach(message -> message(out, message));
        out.endArray();
    }

    /** What a message said before, as members of an object that is open: a page of it. */
    public static void earlier(JsonOut out, EarlierPage page) {
        out.name("results").array();
        for (Earlier said : page.contents()) {
            out.object().name("content").value(said.content());
            out.name("timestamp").value(said.saidAt()).end();
        }
        out.endArray().name("next");
        text(out, page.next().stream().mapToObj(Cursors::text).findFirst());
    }

    /**
     * What was found, as members of an object that is open: a page of it, each message with an
     * excerpt and the places in it that match, as pairs of UTF-16 offsets.
     */
    public static void found(JsonOut out, SearchPage page, Terms terms) {
        out.name("results").array();
        for (Message message : page.messages()) {
            message(out.object().name("message"), message);
            Excerpt excerpt = Excerpt.of(message, terms);
            out.name("excerpt").value(excerpt.text());
            out.name("highlights").array();
            for (Excerpt.Mark mark : excerpt.marks()) {
                out.array().value(mark.from()).value(mark.to()).endArray();
            }
            out.endArray().end();
        }
        out.endArray().name("next");
        text(out, page.next().map(Cursors::text));
    }

    /**
     * A room as its viewer sees it.
     *
     * @param presence what is known of its people, see {@link #shownPresence}; whoever is missing
     *     counts as offline and never seen
     */
    public static void room(JsonOut out, RoomView view, Map<UserId, Presence.Seen> presence) {
        var room = view.room();
        out.object().name("id").value(room.id().value());
        out.name("name").value(room.key().name());
        out.name("room_type").value(room.type().wireName());
        text(out.name("topic"), room.key().topic());
        job(out.name("job"), view.job());
        out.name("participants").array();
        for (Member member : view.people()) {
            Presence.Seen seen =
                    room.isSmall()
                            ? presence.getOrDefault(member.person().id(), Presence.Seen.UNKNOWN)
                            : Presence.Seen.UNKNOWN;
            member(out, member, seen);
        }
        out.endArray();
        out.name("participant_count").value(room.participantCount());
        out.name("created_at").value(room.createdAt());
        out.name("updated_at").value(room.updatedAt());
        out.name("is_active").value(room.active());
        out.name("version").value(room.version());
        out.name("last_seq").value(room.lastSeq());
        out.name("last_read_seq").value(view.lastReadSeq());
        out.name("unread_count").value(view.unread());
        out.name("last_message");
        view.lastMessage().ifPresentOrElse(message -> message(out, message), out::nullValue);
        out.end();
    }

    /** Whose presence to look up before writing these rooms: everybody in the small ones. */
    public static Set<UserId> shownPresence(List<RoomView> views) {
        return views.stream()
                .flatMap(view -> view.presenceShown().stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** A user as others see them; names are empty once erased. */
    public static void person(JsonOut out, Person person) {
        out.object();
        id(out.name("id"), person.id());
        out.name("username").value(person.username());
        out.name("first_name").value(person.firstName());
        out.end();
    }

    /** An uploaded file with the addresses to fetch it from. */
    public static void attachment(JsonOut out, Attachment attachment) {
        String id = attachment.id().value();
        String url =
                "/chat/attachments/"
                        + URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20")
                        + "/";
        out.object().name("id").value(id);
        out.name("name").value(attachment.name());
        out.name("content_type").value(attachment.contentType());
        out.name("size").value(attachment.size());
        out.name("width");
        attachment.width().ifPresentOrElse(out::value, out::nullValue);
        out.name("height");
        attachment.height().ifPresentOrElse(out::value, out::nullValue);
        out.name("url").value(url);
        out.name("thumbnail_url");
        text(out, attachment.thumbnail() ? Optional.of(url + "thumbnail/") : Optional.empty());
        out.end();
    }

    /** A user's id: a number where JavaScript holds it exactly, text otherwise. */
    public static void id(JsonOut out, UserId id) {
        opaque(out, id.value());
    }

    /** A job's id: a number where JavaScript holds it exactly, text otherwise. */
    public static void id(JsonOut out, JobId id) {
        opaque(out, id.value());
    }

    private static void member(JsonOut out, Member member, Presence.Seen seen) {
        Participant participant = member.participant();
        out.object();
        person(out.name("user"), member.person());
        out.name("role").value(participant.role().wireName());
        out.name("joined_at").value(participant.joinedAt());
        time(out.name("last_seen"), seen.lastSeen());
        out.name("is_online").value(seen.online());
        out.name("last_read_seq").value(participant.lastReadSeq());
        out.end();
    }

    private static void job(JsonOut out, Optional<Job> job) {
        if (job.isEmpty()) {
            out.nullValue();
            return;
        }
        out.object();
        id(out.name("id"), job.get().id());
        out.name("title").value(job.get().title());
        out.name("status").value(job.get().status());
        out.end();
    }

    private static void quote(JsonOut out, Optional<Quote> quote) {
        if (quote.isEmpty()) {
            out.nullValue();
            return;
        }
        out.object().name("id").value(quote.get().id().value());
        out.name("seq").value(quote.get().seq());
        person(out.name("sender"), quote.get().sender());
        out.name("excerpt").value(quote.get().excerpt());
        out.end();
    }

    private static void attachment(JsonOut out, Optional<Attachment> attachment) {
        attachment.ifPresentOrElse(file -> attachment(out, file), out::nullValue);
    }

    private static void changes(JsonOut out, Optional<JobChanges> changes) {
        if (changes.isEmpty()) {
            out.nullValue();
            return;
        }
        out.object();
        changes.get()
                .fields()
                .forEach(
                        (field, change) ->
                                out.name(field)
                                        .object()
                                        .name("from")
                                        .value(change.from())
                                        .name("to")
                                        .value(change.to())
                                        .end());
        out.end();
    }

    private static void opaque(JsonOut out, String id) {
        if (Text.isCanonicalInteger(id)) {
            out.value(Long.parseLong(id));
        } else {
            out.value(id);
        }
    }

    private static void text(JsonOut out, Optional<String> text) {
        text.ifPresentOrElse(out::value, out::nullValue);
    }

    private static void time(JsonOut out, Optional<Instant> time) {
        time.ifPresentOrElse(out::value, out::nullValue);
    }
}
