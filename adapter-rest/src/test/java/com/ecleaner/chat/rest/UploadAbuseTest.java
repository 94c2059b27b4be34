package com.ecleaner.chat.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.ecleaner.chat.application.files.UploadLimits;
import com.ecleaner.chat.domain.given.Somebody;
import com.ecleaner.chat.domain.given.Talk;
import com.ecleaner.chat.rest.Door.Reply;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;

/** Uploads and downloads as no honest client does them, byte by byte. */
class UploadAbuseTest {
    private static final String FILES = "/chat/attachments/";
    private static final int MB = 1 << 20;
    private static final byte[] PAPER = "0123456789".getBytes(UTF_8);
    private static final UploadLimits UPLOADS =
            new UploadLimits(16 * MB, 3, 2, 50, 1L << 40, Duration.ofDays(1));

    private final Door door =
            new Door(
                    new RestHandler.Limits(
                            2, 2, 4, 64, 2, Duration.ofMillis(1_500), Duration.ofSeconds(60)),
                    UPLOADS);
    private final Somebody anna = door.given.client("anna");
    private final Talk room = door.given.support(anna);
    private final List<Socket> sockets = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        door.close();
    }

    private Socket connect() throws IOException {
        return connect(door);
    }

    private Socket connect(Door at) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), at.port());
        socket.setSoTimeout(20_000);
        sockets.add(socket);
        return socket;
    }

    private static void send(Socket socket, byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    private byte[] head(Somebody who, String headers) {
        return head(door, who, headers);
    }

    private static byte[] head(Door at, Somebody who, String headers) {
        return ("POST "
                        + FILES
                        + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                        + at.token(who)
                        + "\r\nContent-Type: "
                        + Form.TYPE
                        + "\r\n"
                        + headers
                        + "\r\n")
                .getBytes(UTF_8);
    }

    private static String status(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0 && b != '\r'; b = in.read()) {
            line.write(b);
        }
        String status = line.toString(ISO_8859_1);
        return status.isEmpty() ? "" : status.substring(9, 12);
    }

    /** An upload that has begun and does not go on. */
    private Socket hanging(Somebody who, Talk where) throws IOException {
        return hanging(door, who, where);
    }

    private Socket hanging(Door at, Somebody who, Talk where) throws IOException {
        Socket socket = connect(at);
        send(socket, head(at, who, "Content-Length: 1000000\r\n"));
        send(socket, Form.of(where.id(), "a", new byte[100]).unfinished());
        return socket;
    }

    private Reply upload(Somebody who, Talk where) {
        return upload(door, who, where);
    }

    private static Reply upload(Door at, Somebody who, Talk where) {
        return at.as(who).post(FILES, Form.TYPE, Form.of(where.id(), "a", PAPER).bytes());
    }

    @Test
    void ten_gigabytes_that_are_announced_are_refused_before_a_byte() throws IOException {
        Socket socket = connect();

        send(socket, head(anna, "Content-Length: 10737418240\r\n"));

        assertThat(status(socket)).isEqualTo("413");
        assertThat(door.inspector.read).hasValue(0);
    }

    @Test
    void whoever_waits_to_be_asked_for_ten_gigabytes_is_refused_first() throws IOException {
        Socket socket = connect();

        send(socket, head(anna, "Expect: 100-continue\r\nContent-Length: 10737418240\r\n"));

        assertThat(status(socket)).isEqualTo("413");
    }

    @Test
    void ten_gigabytes_that_are_not_announced_are_refused_at_the_bound() throws Exception {
        Socket socket = connect();
        send(socket, head(anna, "Transfer-Encoding: chunked\r\n"));
        byte[] start = Form.of(room.id(), "a", new byte[0]).unfinished();
        send(socket, (Integer.toHexString(start.length - 2) + "\r\n").getBytes(UTF_8));
        send(socket, Arrays.copyOf(start, start.length - 2));
        byte[] chunk = ("\r\n10000\r\n" + "x".repeat(0x10000)).getBytes(UTF_8);
        long sent = 0;
        try {
            while (sent < 10L << 30) {
                send(socket, chunk);
                sent += chunk.length;
            }
        } catch (IOException e) {
            // The other end has stopped listening.
        }

        assertThat(sent).isLessThan(64L * MB);
        assertThat(door.inspector.read.get()).isBetween(16L * MB, 17L * MB);
        assertThat(door.files.kept).hasValue(0);
        await().until(() -> upload(anna, room).status() == 201);
    }

    @Test
    void an_upload_that_stops_is_408_and_frees_its_place() throws IOException {
        Socket socket = hanging(anna, room);

        assertThat(status(socket)).isEqualTo("408");
        assertThat(upload(anna, room).status()).isEqualTo(201);
        assertThat(door.files.kept).hasValue(1);
    }

    @Test
    void an_upload_that_drips_is_408() throws Exception {
        Socket socket = hanging(anna, room);
        Thread drips =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        for (int i = 0; i < 200; i++) {
                                            send(socket, new byte[1]);
                                            Thread.sleep(100);
                                        }
                                    } catch (IOException | InterruptedException e) {
                                        // Nobody there any more.
                                    }
                                });

        assertThat(status(socket)).isEqualTo("408");
        drips.interrupt();
    }

    @Test
    void an_upload_whose_sender_is_gone_leaves_nothing() throws Exception {
        Socket socket = hanging(anna, room);
        await().until(() -> door.inspector.read.get() > 0);

        socket.close();

        await().until(() -> door.inspector.receiving.get() == 0);
        assertThat(door.files.kept).hasValue(0);
        assertThat(door.chat.sweepFiles().sweep()).isZero();
        assertThat(upload(anna, room).status()).isEqualTo(201);
    }

    @Test
    void uploads_are_bounded_in_number_for_each_and_for_all() throws Exception {
        // Patient, so that whoever hangs does so until all of them do.
        try (Door patient =
                new Door(
                        new RestHandler.Limits(
                                2, 2, 4, 64, 2, Duration.ofSeconds(60), Duration.ofSeconds(60)),
                        UPLOADS)) {
            Somebody ida = patient.given.client("ida");
            Talk idas = patient.given.support(ida);
            Somebody eve = patient.given.client("eve");
            Talk eves = patient.given.support(eve);
            Somebody john = patient.given.cleaner("john");
            Talk johns = patient.given.support(john);
            hanging(patient, ida, idas);
            hanging(patient, ida, idas);
            await().until(() -> patient.inspector.receiving.get() == 2);

            assertThat(upload(patient, ida, idas).problem()).isEqualTo("429 rate_limited");
            assertThat(upload(patient, eve, eves).status()).isEqualTo(201);

            hanging(patient, eve, eves);
            await().until(() -> patient.inspector.receiving.get() == 3);
            assertThat(upload(patient, john, johns).problem()).isEqualTo("503 unavailable");
            assertThat(patient.as(john).get("/chat/rooms/").status()).isEqualTo(200);

            for (Socket socket : sockets) {
                socket.close();
            }
            await().until(() -> upload(patient, john, johns).status() == 201);
        }
    }

    private String large(Door at, Somebody who, Talk where) {
        byte[] large = new byte[15 * MB];
        return FILES
                + at.as(who)
                        .post(FILES, Form.TYPE, Form.of(where.id(), "a", large).bytes())
                        .at("/id")
                        .asText()
                + "/";
    }

    /** A download that has begun and is not taken. */
    private Socket untaken(Door at, Somebody who, String file) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4_096);
        socket.setSoTimeout(20_000);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), at.port()));
        sockets.add(socket);
        send(
                socket,
                ("GET "
                                + file
                                + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                                + at.token(who)
                                + "\r\n\r\n")
                        .getBytes(UTF_8));
        return socket;
    }

    /** How much still comes until the other end is gone, with or without a word. */
    private static long rest(Socket socket) {
        byte[] piece = new byte[64 * 1024];
        long size = 0;
        try {
            for (int more = 0; more >= 0; more = socket.getInputStream().read(piece)) {
                size += more;
            }
        } catch (IOException e) {
            // Reset.
        }
        return size;
    }

    @Test
    void downloads_of_one_user_that_nobody_takes_leave_the_others_theirs() throws Exception {
        Somebody eve = door.given.client("eve");
        String file = large(door, anna, room);
        String eves = large(door, eve, door.given.support(eve));
        for (int i = 0; i < 2; i++) {
            assertThat(status(untaken(door, anna, file))).isEqualTo("200");
        }

        assertThat(door.as(anna).get(file).problem()).isEqualTo("429 rate_limited");
        assertThat(door.as(anna).get(file).header("Retry-After")).isEqualTo("1");
        assertThat(door.as(eve).get(eves).status()).isEqualTo(200);
        assertThat(upload(anna, room).status()).isEqualTo(201);

        for (Socket socket : sockets) {
            socket.close();
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> door.as(anna).get(file).status() == 200);
    }

    @Test
    void downloads_that_nobody_takes_are_bounded_and_hold_up_nothing_else() throws Exception {
        Somebody eve = door.given.client("eve");
        String file = large(door, anna, room);
        String eves = large(door, eve, door.given.support(eve));
        for (int i = 0; i < 2; i++) {
            assertThat(status(untaken(door, anna, file))).isEqualTo("200");
            assertThat(status(untaken(door, eve, eves))).isEqualTo("200");
        }

        assertThat(door.as(anna).get(file).status()).isEqualTo(503);
        assertThat(door.as(anna).get("/chat/rooms/").status()).isEqualTo(200);

        for (Socket socket : sockets) {
            socket.close();
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> door.as(anna).get(file).status() == 200);
    }

    @Test
    void a_download_that_nobody_takes_is_ended_and_frees_its_place() throws Exception {
        try (Door hasty =
                new Door(
                        new RestHandler.Limits(
                                2, 2, 4, 64, 1, Duration.ofSeconds(10), Duration.ofMillis(1_500)),
                        UploadLimits.upTo(16 * MB))) {
            Somebody john = hasty.given.cleaner("john");
            String file = large(hasty, john, hasty.given.support(john));
            Socket socket = untaken(hasty, john, file);
            assertThat(status(socket)).isEqualTo("200");

            await().atMost(Duration.ofSeconds(15))
                    .until(() -> hasty.as(john).get(file).status() == 200);
            assertThat(rest(socket)).isLessThan(15 * MB);
        }
    }

    @Test
    void an_upload_of_a_stranger_holds_no_place_while_they_hear_that_it_is_refused()
            throws Exception {
        for (int i = 0; i < 4; i++) {
            Socket socket = connect();
            send(
                    socket,
                    ("POST "
                                    + FILES
                                    + " HTTP/1.1\r\nHost: x\r\nContent-Type: "
                                    + Form.TYPE
                                    + "\r\nContent-Length: 1000000\r\n\r\n")
                            .getBytes(UTF_8));
            assertThat(status(socket)).isEqualTo("401");
        }

        assertThat(upload(anna, room).status()).isEqualTo(201);
    }

    @Test
    void requests_of_one_user_that_take_their_time_leave_the_others_theirs() throws Exception {
        Semaphore begun = new Semaphore(0);
        CompletableFuture<Void> end = new CompletableFuture<>();
        Duration long_ = Duration.ofSeconds(9);
        try (Door few = new Door(new RestHandler.Limits(9, 9, 9, 2, 2, long_, long_))) {
            Somebody john = few.given.cleaner("john");
            Somebody eve = few.given.client("eve");
            String say = Door.rooms(few.given.support(john).id(), "send_message/");
            few.limits =
                    (user, kind) -> {
                        begun.release();
                        end.join();
                        return 0;
                    };
            List<CompletableFuture<Integer>> said = new ArrayList<>();
            try {
                for (int i = 0; i < 2; i++) {
                    said.add(
                            CompletableFuture.supplyAsync(
                                    () -> few.as(john).post(say, "{\"message\":\"Hi\"}").status(),
                                    Thread::startVirtualThread));
                }
                begun.acquire(2);

                assertThat(few.as(john).get("/chat/rooms/").problem())
                        .isEqualTo("429 rate_limited");
                assertThat(few.as(eve).get("/chat/rooms/").status()).isEqualTo(200);
            } finally {
                end.complete(null);
            }
            assertThat(said).allSatisfy(one -> assertThat(one.get()).isEqualTo(201));
            await().until(() -> few.as(john).get("/chat/rooms/").status() == 200);
        }
    }

    @Test
    void the_platform_asks_for_everybody_and_is_not_counted_as_one_user() {
        Duration long_ = Duration.ofSeconds(9);
        try (Door none = new Door(new RestHandler.Limits(9, 9, 9, 0, 2, long_, long_))) {
            Somebody john = none.given.cleaner("john");

            assertThat(none.as(john).get("/chat/rooms/").problem()).isEqualTo("429 rate_limited");
            assertThat(none.as(none.given.platform()).delete("/platform/users/john/").status())
                    .isEqualTo(204);
        }
    }

    @Test
    void a_form_of_a_thousand_parts_or_endless_headers_is_refused() {
        Form many = new Form();
        for (int i = 0; i < 1_000; i++) {
            many.field("x" + i, "");
        }
        Form long_ = new Form().part("form-data; name=\"" + "x".repeat(5_000) + "\"", PAPER);

        assertThat(door.as(anna).post(FILES, Form.TYPE, many.bytes()).problem())
                .isEqualTo("400 bad_frame");
        assertThat(door.as(anna).post(FILES, Form.TYPE, long_.bytes()).problem())
                .isEqualTo("400 bad_frame");
    }
}
