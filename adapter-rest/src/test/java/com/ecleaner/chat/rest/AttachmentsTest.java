package com.ecleaner.chat.rest;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.ecleaner.chat.application.files.UploadLimits;
import com.ecleaner.chat.domain.given.Somebody;
import com.ecleaner.chat.domain.given.Talk;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.rest.Door.Reply;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

class AttachmentsTest {
    private static final String FILES = "/chat/attachments/";
    private static final byte[] PICTURE = "picture of a stain".getBytes(UTF_8);
    private static final byte[] PAPER = "0123456789".getBytes(UTF_8);

    private final Door door =
            new Door(
                    RestHandler.Limits.DEFAULT,
                    new UploadLimits(1 << 20, 4, 4, 5, 3 << 20, Duration.ofDays(1)));
    private Somebody anna;
    private Somebody john;
    private Somebody eve;
    private Talk room;

    @BeforeEach
    void arrange() {
        anna = door.given.client("anna");
        john = door.given.cleaner("john");
        eve = door.given.cleaner("eve");
        room = door.given.job("5").client(anna).cleaner(john).booked();
    }

    @AfterEach
    void close() {
        door.close();
        assertThat(door.inspector.open).as("uploads that were not closed").hasValue(0);
    }

    private Reply upload(Somebody who, String name, byte[] content) {
        return upload(who, Form.of(room.id(), name, content));
    }

    private Reply upload(Somebody who, Form form) {
        return door.as(who).post(FILES, Form.TYPE, form.bytes());
    }

    private String uploaded(Somebody who, String name, byte[] content) {
        Reply reply = upload(who, name, content);
        assertThat(reply.status()).as(reply.body()).isEqualTo(201);
        return reply.at("/id").asText();
    }

    private Reply send(Somebody who, String type, String file) {
        return door.as(who)
                .post(
                        Door.rooms(room.id(), "send_message/"),
                        "{\"message_type\":\"%s\",\"attachment_id\":\"%s\"}".formatted(type, file));
    }

    private Reply get(Somebody who, String path, String... headers) {
        return door.as(who).send("GET", path, Optional.empty(), headers);
    }

    // --- in and out

    @Test
    void a_picture_is_taken_described_sent_and_fetched() {
        Reply reply = upload(anna, "stain.jpg", PICTURE);

        assertThat(reply.status()).isEqualTo(201);
        String id = reply.at("/id").asText();
        assertThat(id).matches("[0-9a-f]{32}");
        assertThat(reply.header("Location")).isEqualTo(FILES + id + "/");
        assertThat(reply.body())
                .isEqualTo(
                        ("{'id':'%s','name':'stain.jpg','content_type':'image/jpeg','size':18,"
                                        + "'width':4,'height':3,'url':'/chat/attachments/%s/',"
                                        + "'thumbnail_url':'/chat/attachments/%s/thumbnail/'}")
                                .formatted(id, id, id)
                                .replace('\'', '"'));

        Reply message = send(anna, "image", id);
        assertThat(message.status()).isEqualTo(201);
        assertThat(message.at("/attachment")).isEqualTo(reply.json());
        assertThat(message.at("/content").asText()).isEmpty();
        for (String path : List.of(FILES + id + "/", FILES + id + "/thumbnail/", FILES + id)) {
            Reply file = get(john, path);
            assertThat(file.status()).isEqualTo(200);
            assertThat(file.body()).isEqualTo("picture of a stain");
            assertThat(file.header("Content-Type")).isEqualTo("image/jpeg");
            assertThat(file.header("Content-Length")).isEqualTo("18");
        }
    }

    @Test
    void an_answer_one_cannot_take_is_406_and_nothing_is_kept_or_sent() {
        Reply refused =
                door.as(anna)
                        .send(
                                "POST",
                                FILES,
                                Optional.of(
                                        new String(
                                                Form.of(room.id(), "a.txt", PAPER).bytes(), UTF_8)),
                                "Content-Type",
                                Form.TYPE,
                                "Accept",
                                "text/html");

        assertThat(refused.problem()).isEqualTo("406 not_acceptable");
        assertThat(door.files.kept).hasValue(0);

        String file = FILES + uploaded(anna, "stain.jpg", PICTURE) + "/";
        assertThat(get(anna, file, "Accept", "text/html, application/json").problem())
                .isEqualTo("406 not_acceptable");
        assertThat(get(anna, file, "Accept", "text/html, image/*;q=0.5").status()).isEqualTo(200);
        assertThat(get(anna, file, "Accept", "text/html,*/*;q=0.8").status()).isEqualTo(200);
    }

    @Test
    void the_two_fields_come_in_either_order_and_others_are_ignored() {
        Reply reply =
                upload(
                        anna,
                        new Form()
                                .field("more", "x".repeat(10_000))
                                .file("a.pdf", PAPER)
                                .part("form-data", PAPER)
                                .field("room", room.id().toString())
                                .part("form-data; name=\"x\"; filename=\"y\"", PAPER));

        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.at("/thumbnail_url").isNull()).isTrue();
        assertThat(get(john, reply.at("/url").asText()).body()).isEqualTo("0123456789");
    }

    @Test
    void what_the_sender_says_it_is_counts_for_nothing() {
        String id = uploaded(anna, "page.html", "<html>".getBytes(UTF_8));

        Reply file = get(john, FILES + id + "/");

        assertThat(file.header("Content-Type")).isEqualTo("application/octet-stream");
        assertThat(file.header("Content-Disposition"))
                .isEqualTo("attachment; filename=\"page.html\"; filename*=UTF-8''page.html");
        assertThat(file.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(file.header("Content-Security-Policy"))
                .isEqualTo("sandbox; default-src 'none'; frame-ancestors 'none'");
        assertThat(file.header("Cache-Control")).isEqualTo("private, no-cache");
        assertThat(file.header("Accept-Ranges")).isEqualTo("bytes");
        assertThat(file.header("X-Frame-Options")).isEqualTo("DENY");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../../etc/passwd",
                "..\\\\..\\\\boot.ini",
                "C:\\\\fakepath\\\\x.jpg",
                "/absolute.pdf",
                "nul\u0000.jpg",
                "bidi\u202egpj.exe",
                "double.jpg.exe",
                "semi;colon=.txt",
                "crlf%0d%0aSet-Cookie: a=b",
                "'quotes'",
                "....",
                "Żółć 🧽.pdf"
            })
    void a_name_is_harmless_in_whatever_it_comes_back(String name) {
        String id = uploaded(anna, name, PAPER);

        Reply file = get(john, FILES + id + "/");

        assertThat(file.status()).isEqualTo(200);
        assertThat(file.header("Content-Disposition"))
                .matches(
                        "attachment; filename=\"[ -~&&[^\"\\\\/]]+\"; filename\\*=UTF-8''"
                                + "[A-Za-z0-9!#$&+.^_`|~%-]+")
                .doesNotContain("%00", "%E2%80%AE", "%2F", "%5C", "%0D", "%0A");
        assertThat(file.header("Set-Cookie")).isEmpty();
    }

    @Test
    void a_name_in_any_script_comes_back_as_it_was() {
        Reply reply = upload(anna, "Żółć 🧽.pdf", PAPER);

        assertThat(reply.at("/name").asText()).isEqualTo("Żółć 🧽.pdf");
        assertThat(get(john, reply.at("/url").asText()).header("Content-Disposition"))
                .isEqualTo(
                        "attachment; filename=\"____ _.pdf\"; filename*=UTF-8''"
                                + "%C5%BB%C3%B3%C5%82%C4%87%20%F0%9F%A7%BD.pdf");
    }

    // --- who

    @Test
    void only_those_who_may_read_the_room_may_fetch_and_to_others_it_does_not_exist() {
        String id = uploaded(anna, "stain.jpg", PICTURE);
        Somebody office = door.given.somebody("office", Role.ADMIN);

        assertThat(get(anna, FILES + id + "/").status()).isEqualTo(200);
        assertThat(get(office, FILES + id + "/").status()).isEqualTo(200);
        String unknown = get(eve, FILES + "0".repeat(32) + "/").body();
        for (String path : List.of(FILES + id + "/", FILES + id + "/thumbnail/")) {
            Reply reply = get(eve, path);
            assertThat(reply.problem()).isEqualTo("404 not_found");
            assertThat(reply.body()).isEqualTo(unknown);
            assertThat(door.nobody().get(path).status()).isEqualTo(401);
        }
    }

    @Test
    void who_loses_the_room_loses_its_files() {
        String id = uploaded(anna, "stain.jpg", PICTURE);
        send(anna, "image", id);
        assertThat(get(john, FILES + id + "/").status()).isEqualTo(200);
        assertThat(get(john, FILES + id + "/thumbnail/").status()).isEqualTo(200);

        door.given.job("5").client(anna).cleaner(eve).booked();

        assertThat(get(john, FILES + id + "/").problem()).isEqualTo("404 not_found");
        assertThat(get(john, FILES + id + "/thumbnail/").problem()).isEqualTo("404 not_found");
        assertThat(get(eve, FILES + id + "/thumbnail/").status()).isEqualTo(200);
        assertThat(
                        get(
                                        john,
                                        FILES + id + "/",
                                        "If-None-Match",
                                        "\"" + id + "\"",
                                        "Range",
                                        "bytes=0-1")
                                .problem())
                .isEqualTo("404 not_found");
        assertThat(get(eve, FILES + id + "/").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"x", "..", "%2e%2e", "..%2f..%2fetc%2fpasswd", "a%20b", "%00", "-1", "1"})
    void an_id_that_is_none_is_not_found(String id) {
        assertThat(get(anna, FILES + id + "/").status()).isIn(400, 404);
        assertThat(get(anna, FILES + id + "/thumbnail/").status()).isIn(400, 404);
    }

    @Test
    void a_ticket_opens_one_download_once_and_nothing_else() {
        String id = uploaded(anna, "stain.jpg", PICTURE);
        String ticket = door.as(john).post("/chat/tickets/").at("/ticket").asText();

        assertThat(door.nobody().get("/chat/rooms/?ticket=" + ticket).status()).isEqualTo(401);
        assertThat(door.nobody().post(FILES + "?ticket=" + ticket).status()).isEqualTo(401);
        assertThat(door.nobody().get(FILES + id + "/?ticket=" + ticket + "&ticket=x").status())
                .isEqualTo(401);
        Reply file = door.nobody().get(FILES + id + "/?ticket=" + ticket);
        assertThat(file.status()).isEqualTo(200);
        assertThat(file.body()).isEqualTo("picture of a stain");
        assertThat(door.nobody().get(FILES + id + "/?ticket=" + ticket).status()).isEqualTo(401);

        String eves = door.as(eve).post("/chat/tickets/").at("/ticket").asText();
        assertThat(door.nobody().get(FILES + id + "/thumbnail/?ticket=" + eves).problem())
                .isEqualTo("404 not_found");
    }

    // --- parts

    @ParameterizedTest
    @CsvSource({
        "bytes=0-3, 206, 0123, bytes 0-3/10",
        "bytes=4-, 206, 456789, bytes 4-9/10",
        "bytes=-3, 206, 789, bytes 7-9/10",
        "bytes=-99, 206, 0123456789, bytes 0-9/10",
        "bytes=8-99, 206, 89, bytes 8-9/10",
        "bytes=9-9, 206, 9, bytes 9-9/10",
        "'bytes=0-1,3-4', 200, 0123456789, ''",
        "bytes=5-4, 200, 0123456789, ''",
        "bytes=-, 200, 0123456789, ''",
        "bytes=a-b, 200, 0123456789, ''",
        "lines=0-1, 200, 0123456789, ''",
        "bytes=99999999999999999999-, 200, 0123456789, ''"
    })
    void a_part_is_fetched(String range, int status, String body, String contentRange) {
        String id = uploaded(anna, "a.txt", PAPER);

        Reply reply = get(john, FILES + id + "/", "Range", range);

        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.body()).isEqualTo(body);
        assertThat(reply.header("Content-Range")).isEqualTo(contentRange);
        assertThat(reply.header("Content-Length")).isEqualTo(Integer.toString(body.length()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=10-", "bytes=10-20", "bytes=-0", "bytes=999999999999999999-"})
    void beyond_the_end_there_is_nothing(String range) {
        String id = uploaded(anna, "a.txt", PAPER);

        Reply reply = get(john, FILES + id + "/", "Range", range);

        assertThat(reply.problem()).isEqualTo("416 range_not_satisfiable");
        assertThat(reply.header("Content-Range")).isEqualTo("bytes */10");
    }

    @Test
    void a_part_is_of_the_file_one_knows_or_it_is_the_whole() {
        String id = uploaded(anna, "a.txt", PAPER);
        String tag = get(john, FILES + id + "/").header("ETag");

        assertThat(tag).isEqualTo("\"" + id + "\"");
        assertThat(get(john, FILES + id + "/", "Range", "bytes=0-1", "If-Range", tag).body())
                .isEqualTo("01");
        assertThat(get(john, FILES + id + "/", "Range", "bytes=0-1", "If-Range", "\"x\"").body())
                .isEqualTo("0123456789");
    }

    @Test
    void who_has_it_already_is_told_so() {
        String id = uploaded(anna, "a.txt", PAPER);
        String tag = "\"" + id + "\"";

        for (String has : List.of(tag, "W/" + tag, "\"x\", " + tag, "*")) {
            Reply reply = get(john, FILES + id + "/", "If-None-Match", has);
            assertThat(reply.status()).as(has).isEqualTo(304);
            assertThat(reply.body()).isEmpty();
            assertThat(reply.header("ETag")).isEqualTo(tag);
        }
        assertThat(get(john, FILES + id + "/", "If-None-Match", "\"x\"").status()).isEqualTo(200);
    }

    @Test
    void head_says_everything_but_the_bytes() {
        String id = uploaded(anna, "stain.jpg", PICTURE);

        Reply reply = door.as(john).send("HEAD", FILES + id + "/", Optional.empty());

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).isEmpty();
        assertThat(reply.header("Content-Length")).isEqualTo("18");
        assertThat(reply.header("Content-Type")).isEqualTo("image/jpeg");
        assertThat(reply.header("Content-Disposition")).startsWith("inline; ");
        assertThat(reply.header("ETag")).isNotEmpty();
    }

    // --- what is refused

    @Test
    void an_upload_that_is_no_form_is_415_or_400() {
        Door.As asAnna = door.as(anna);

        assertThat(asAnna.post(FILES, "{}").problem()).isEqualTo("415 unsupported_media_type");
        assertThat(asAnna.post(FILES, "image/jpeg", PICTURE).problem())
                .isEqualTo("415 unsupported_media_type");
        assertThat(asAnna.post(FILES, "multipart/form-data", PICTURE).problem())
                .isEqualTo("400 bad_frame");
        assertThat(
                        asAnna.post(
                                        FILES,
                                        "multipart/form-data; boundary=" + "x".repeat(71),
                                        PICTURE)
                                .problem())
                .isEqualTo("400 bad_frame");
        assertThat(asAnna.post(FILES, Form.TYPE, PICTURE).problem()).isEqualTo("400 bad_frame");
        assertThat(asAnna.post(FILES, Form.TYPE, new byte[0]).problem()).isEqualTo("400 bad_frame");
        assertThat(
                        asAnna.post(FILES, Form.TYPE, Form.of(room.id(), "a", PICTURE).unfinished())
                                .problem())
                .isEqualTo("400 bad_frame");
        assertThat(door.files.kept).hasValue(0);
    }

    @Test
    void what_is_missing_twice_or_wrong_is_422_with_its_name() {
        String id = room.id().toString();

        assertThat(upload(anna, new Form().file("a", PAPER)).problem())
                .isEqualTo("422 invalid room");
        assertThat(upload(anna, new Form().field("room", id)).problem())
                .isEqualTo("422 invalid file");
        assertThat(upload(anna, new Form().field("room", id).field("file", "x")).problem())
                .isEqualTo("422 invalid file");
        assertThat(upload(anna, Form.of(room.id(), "a", new byte[0])).problem())
                .isEqualTo("422 invalid file");
        assertThat(upload(anna, Form.of(room.id(), "a", PAPER).file("b", PAPER)).problem())
                .isEqualTo("422 invalid file");
        assertThat(upload(anna, Form.of(room.id(), "a", PAPER).field("room", id)).problem())
                .isEqualTo("422 invalid room");
        for (String wrong : List.of("", "x", "0", "-1", "1.0", "99999999999999999999", " ")) {
            assertThat(upload(anna, new Form().field("room", wrong).file("a", PAPER)).problem())
                    .as(wrong)
                    .isEqualTo("422 invalid room");
        }
        assertThat(door.files.kept).hasValue(0);
    }

    @Test
    void who_may_not_write_there_may_not_upload_there() {
        assertThat(upload(eve, "a", PAPER).problem()).isEqualTo("404 not_found");
        assertThat(upload(eve, new Form().field("room", "999999").file("a", PAPER)).problem())
                .isEqualTo("404 not_found");
        assertThat(
                        upload(eve, new Form().file("a", PAPER).field("room", room.id().toString()))
                                .problem())
                .isEqualTo("404 not_found");
        assertThat(door.nobody().post(FILES, Form.TYPE, PICTURE).status()).isEqualTo(401);
        assertThat(door.files.kept).hasValue(0);
    }

    @Test
    void nothing_is_uploaded_to_a_closed_room() {
        door.given.job("5").client(anna).cleaner(john).active(false).booked();

        assertThat(upload(anna, "a", PAPER).problem()).isEqualTo("409 room_closed");
    }

    @Test
    void a_file_above_the_bound_is_413_and_one_of_the_bound_is_taken() {
        assertThat(upload(anna, "a", new byte[1 << 20]).status()).isEqualTo(201);
        assertThat(upload(anna, "a", new byte[(1 << 20) + 1]).problem()).isEqualTo("413 too_large");
        assertThat(upload(anna, "a", new byte[2 << 20]).problem()).isEqualTo("413 too_large");
    }

    @Test
    void the_bound_of_other_requests_is_what_it_was() {
        assertThat(
                        door.as(anna)
                                .post(
                                        Door.rooms(room.id(), "send_message/"),
                                        "{\"message\":\"" + "x".repeat(70_000) + "\"}")
                                .problem())
                .isEqualTo("413 too_large");
    }

    @Test
    void only_so_many_files_wait_for_their_message() {
        for (int i = 0; i < 5; i++) {
            uploaded(anna, "a", PAPER);
        }
        Reply sixth = upload(anna, "a", PAPER);

        assertThat(sixth.problem()).isEqualTo("429 rate_limited");
        assertThat(sixth.header("Retry-After")).isNotEmpty();
        assertThat(door.files.kept).hasValue(5);
    }

    @Test
    void only_so_much_is_uploaded_in_a_day() {
        for (int i = 0; i < 3; i++) {
            send(anna, "file", uploaded(anna, "a", new byte[1 << 20]));
        }

        assertThat(upload(anna, "a", PAPER).problem()).isEqualTo("429 rate_limited");
        assertThat(upload(john, "a", PAPER).status()).isEqualTo(201);
    }

    @Test
    void the_rate_of_messages_holds_for_uploads() {
        door.limits = (user, kind) -> 2.5;

        Reply reply = upload(anna, "a", PAPER);

        assertThat(reply.problem()).isEqualTo("429 rate_limited");
        assertThat(reply.header("Retry-After")).isEqualTo("3");
        assertThat(door.inspector.read).hasValue(0);
    }

    @Test
    void a_full_disk_is_503_and_leaves_nothing() {
        door.files.full = true;
        assertThat(upload(anna, "a", PAPER).problem()).isEqualTo("503 unavailable");

        door.files.full = false;
        assertThat(door.chat.sweepFiles().sweep()).isEqualTo(1);
        assertThat(door.files.kept).hasValue(0);
        assertThat(upload(anna, "a", PAPER).status()).isEqualTo(201);
    }

    @Test
    void a_chat_without_files_takes_none() {
        try (Door words = new Door(RestHandler.Limits.DEFAULT, UploadLimits.upTo(0))) {
            Somebody anna = words.given.client("anna");
            Talk room = words.given.support(anna);

            assertThat(
                            words.as(anna)
                                    .post(FILES, Form.TYPE, Form.of(room.id(), "a", PAPER).bytes())
                                    .problem())
                    .isEqualTo("403 forbidden");
        }
    }

    // --- in messages

    @Test
    void a_message_takes_an_upload_of_its_sender_for_its_room_once() {
        String johns = uploaded(john, "a", PAPER);
        String annas = uploaded(anna, "a", PAPER);
        Talk other = door.given.support(anna);
        String elsewhere = upload(anna, Form.of(other.id(), "a", PAPER)).at("/id").asText();

        assertThat(send(anna, "file", johns).problem()).isEqualTo("422 invalid attachment_id");
        assertThat(send(anna, "file", elsewhere).problem()).isEqualTo("422 invalid attachment_id");
        assertThat(send(anna, "file", "0".repeat(32)).problem())
                .isEqualTo("422 invalid attachment_id");
        assertThat(send(anna, "file", annas).status()).isEqualTo(201);
        assertThat(send(anna, "file", annas).problem()).isEqualTo("422 invalid attachment_id");
    }

    @Test
    void an_image_is_a_picture_and_a_file_may_be_anything() {
        assertThat(send(anna, "image", uploaded(anna, "a.jpg", PAPER)).problem())
                .isEqualTo("422 invalid attachment_id");
        assertThat(send(anna, "file", uploaded(anna, "a.jpg", PICTURE)).status()).isEqualTo(201);
        assertThat(send(anna, "text", uploaded(anna, "a.jpg", PICTURE)).problem())
                .isEqualTo("422 invalid attachment_id");
        assertThat(
                        door.as(anna)
                                .post(
                                        Door.rooms(room.id(), "send_message/"),
                                        "{\"message\":\"look\",\"message_type\":\"image\"}")
                                .problem())
                .isEqualTo("422 invalid attachment_id");
    }

    @Test
    void a_file_is_gone_with_its_message_at_once_and_its_bytes_when_somebody_clears_up() {
        String id = uploaded(anna, "stain.jpg", PICTURE);
        String message = send(anna, "image", id).at("/id").asText();
        assertThat(door.files.kept).hasValue(2);

        door.as(anna).delete(Door.rooms(room.id(), "messages/" + message + "/"));

        assertThat(get(john, FILES + id + "/").problem()).isEqualTo("404 not_found");
        assertThat(get(anna, FILES + id + "/thumbnail/").problem()).isEqualTo("404 not_found");
        assertThat(door.chat.sweepFiles().sweep()).isEqualTo(1);
        assertThat(door.files.kept).hasValue(0);
    }

    @Test
    void whoever_sees_the_message_of_a_page_sees_its_file() {
        String id = uploaded(anna, "stain.jpg", PICTURE);
        send(anna, "image", id);

        Reply page = get(john, Door.rooms(room.id(), "messages/"));

        assertThat(page.at("/results/0/attachment/url").asText()).isEqualTo(FILES + id + "/");
    }
}
