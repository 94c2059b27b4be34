package com.ecleaner.chat.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.ecleaner.chat.domain.user.Role;
import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.FilePayload;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/**
 * The widget on the pages of a platform, in a real browser against the real server. The pages are
 * of another origin than the chat, and have two lines for it.
 */
final class WidgetInBrowsersTest {
    @TempDir static Path folder;
    private static Chromium chromium;
    private static ForeignPages pages;
    private static RunningChat chat;
    private static Platform platform;
    private static int jobs = 100;

    private final List<BrowserContext> devices = new ArrayList<>();
    private String annaId = "";
    private String johnId = "";

    @BeforeAll
    static void start() throws IOException {
        chromium = Chromium.start();
        pages = new ForeignPages();
        chat = RunningChat.in(folder, Map.of("CHAT_ALLOWED_ORIGINS", pages.origin()));
        platform = chat.platform();
        pages.show("http://127.0.0.1:" + chat.port(), WidgetInBrowsersTest::token);
    }

    @AfterAll
    static void stop() {
        for (AutoCloseable part : new AutoCloseable[] {chat, pages, chromium}) {
            try {
                if (part != null) {
                    part.close();
                }
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }

    /** Each test has people and a job of its own. */
    @BeforeEach
    void new_people() {
        jobs++;
        annaId = "1" + jobs;
        johnId = "2" + jobs;
        chromium.complaints();
    }

    @AfterEach
    void the_devices_are_put_away() {
        devices.forEach(BrowserContext::close);
    }

    private static String token(String user) {
        return platform.token(user, user.startsWith("2") ? Role.CLEANER : Role.CLIENT);
    }

    private long book() {
        return platform.book(Integer.toString(jobs), annaId, johnId);
    }

    private BrowserContext device() {
        BrowserContext device = chromium.device();
        devices.add(device);
        return device;
    }

    private static Page open(BrowserContext device, String user) {
        Page page = device.newPage();
        page.navigate(pages.of(user));
        return page;
    }

    /** Opens the panel, and in it the conversation about the latest job. */
    private static void openRoom(Page page) {
        page.locator("chat-badge").click();
        page.locator("chat-list li button", new Page.LocatorOptions().setHasText("Job " + jobs))
                .click();
        composer(page).waitFor();
    }

    private static Locator composer(Page page) {
        return page.locator("chat-room textarea");
    }

    private static void say(Page page, String text) {
        composer(page).fill(text);
        composer(page).press("Enter");
    }

    private static Locator bubble(Page page, String text) {
        return page.locator("chat-room .row .bubble", new Page.LocatorOptions().setHasText(text));
    }

    private static Locator status(Locator bubble, String status) {
        return bubble.getByRole(
                AriaRole.IMG, new Locator.GetByRoleOptions().setName(status).setExact(true));
    }

    private static Locator count(Page page) {
        return page.locator("chat-badge .count");
    }

    private List<String> log(long room) {
        return contents(platform.log(room, token(annaId)));
    }

    private static List<String> contents(List<JsonNode> log) {
        return log.stream().map(message -> message.get("content").asText()).toList();
    }

    @Test
    void two_people_talk_about_a_job() {
        book();
        Page john = open(device(), johnId);
        Page anna = open(device(), annaId);
        openRoom(john);
        openRoom(anna);

        composer(anna).pressSequentially("Hel");
        assertThat(john.locator("chat-room .typing")).containsText("is typing");
        say(anna, "Hello, **is** <b>nine</b> all right?");

        assertThat(bubble(john, "Hello, **is** <b>nine</b> all right?")).hasCount(1);
        assertThat(john.locator("chat-room .typing")).not().containsText("typing");
        assertThat(status(bubble(anna, "Hello"), "Read")).isVisible();

        // John looks elsewhere: the badge counts, and the message stays unread.
        john.locator("chat-panel .back").click();
        say(anna, "Are you there?");
        assertThat(count(john)).hasText("1");
        assertThat(status(bubble(anna, "Are you there?"), "Sent")).isVisible();

        john.locator("chat-list li button", new Page.LocatorOptions().setHasText("Job " + jobs))
                .click();
        assertThat(bubble(john, "Are you there?")).hasCount(1);
        assertThat(count(john)).hasCount(0);
        assertThat(status(bubble(anna, "Are you there?"), "Read")).isVisible();
        say(john, "Yes!");
        assertThat(bubble(anna, "Yes!")).hasCount(1);
        assertThat(chromium.complaints()).isEmpty();
    }

    @Test
    void what_is_written_offline_is_sent_once_after_a_reload_and_nothing_is_lost() {
        long room = book();
        BrowserContext device = device();
        Page anna = open(device, annaId);
        openRoom(anna);
        List<String> said = new ArrayList<>();
        for (int i = 1; i <= 12; i++) {
            if (i == 5) {
                device.setOffline(true);
            }
            said.add("message " + i);
            say(anna, "message " + i);
        }
        assertThat(anna.locator("chat-room .banner")).containsText("No connection");
        assertThat(status(bubble(anna, "message 12"), "Sending")).isVisible();

        // Away without a goodbye, and back.
        anna.close();
        device.setOffline(false);
        Page again = open(device, annaId);
        openRoom(again);

        assertThat(status(bubble(again, "message 12"), "Sent")).isVisible();
        assertThat(log(room)).isEqualTo(said);
        for (String text : said) {
            assertThat(
                            again.locator(
                                            "chat-room .row .text",
                                            new Page.LocatorOptions().setHasText(text))
                                    .filter(
                                            new Locator.FilterOptions()
                                                    .setHasText(Pattern.compile("^" + text + "$"))))
                    .hasCount(1);
        }
    }

    @Test
    void reloads_in_the_middle_of_sending_lose_nothing_and_repeat_nothing() {
        long room = book();
        BrowserContext device = device();
        Page anna = open(device, annaId);
        openRoom(anna);
        List<String> said = new ArrayList<>();
        for (int round = 1; round <= 4; round++) {
            for (int i = 1; i <= 5; i++) {
                said.add("round " + round + ", message " + i);
                say(anna, said.getLast());
            }
            anna.reload();
            openRoom(anna);
        }
        assertThat(status(bubble(anna, said.getLast()), "Sent")).isVisible();
        assertThat(log(room)).isEqualTo(said);
    }

    @Test
    void a_server_that_is_killed_while_one_types_takes_no_word_and_repeats_none() throws Exception {
        int port = portOfItsOwn();
        Path data = Files.createDirectories(folder.resolve("killed")).resolve("data");
        try (ForeignPages site = new ForeignPages()) {
            site.show("http://127.0.0.1:" + port, WidgetInBrowsersTest::token);
            Map<String, String> settings =
                    Map.of(
                            "CHAT_PORT",
                            Integer.toString(port),
                            "CHAT_JWT_SECRET",
                            RunningChat.SECRET,
                            "CHAT_RATE_LIMIT",
                            "off",
                            "CHAT_ALLOWED_ORIGINS",
                            site.origin());
            try (ChatProcess killed = ChatProcess.start("serve", data, settings)) {
                killed.linesUntil("answers at");
                Platform booking = platform.at(port);
                long room = booking.book(Integer.toString(jobs), annaId, johnId);
                Page anna = device().newPage();
                anna.navigate(site.of(annaId));
                Page john = device().newPage();
                john.navigate(site.of(johnId));
                openRoom(john);
                openRoom(anna);
                say(anna, "Before it.");
                assertThat(bubble(john, "Before it.")).hasCount(1);

                composer(anna).pressSequentially("Half a sen");
                List<String> johns = new ArrayList<>();
                for (int i = 1; i <= 8; i++) {
                    johns.add("John's no " + i);
                    say(john, johns.getLast());
                }
                killed.kill();
                assertThat(anna.locator("chat-room .banner")).containsText("No connection");
                composer(anna).pressSequentially("tence.");
                assertThat(composer(anna)).hasValue("Half a sentence.");
                composer(anna).press("Enter");
                say(anna, "While it is away.");
                composer(anna).pressSequentially("A draft");
                assertThat(status(bubble(anna, "While it is away."), "Sending")).isVisible();

                try (ChatProcess again = ChatProcess.start("serve", data, settings)) {
                    again.linesUntil("answers at");
                    // The longest that a client waits between two tries is half a minute.
                    LocatorAssertions.IsVisibleOptions patiently =
                            new LocatorAssertions.IsVisibleOptions().setTimeout(60_000);
                    assertThat(status(bubble(anna, "While it is away."), "Read"))
                            .isVisible(patiently);
                    assertThat(status(bubble(john, johns.getLast()), "Read")).isVisible(patiently);
                    assertThat(anna.locator("chat-room .banner")).hasCount(0);
                    assertThat(composer(anna)).hasValue("A draft");
                    List<String> annas =
                            List.of("Before it.", "Half a sentence.", "While it is away.");
                    List<String> all = new ArrayList<>(annas);
                    all.addAll(johns);
                    for (String text : all) {
                        assertThat(bubble(anna, text)).hasCount(1);
                        assertThat(bubble(john, text)).hasCount(1);
                    }
                    assertThat(contents(booking.log(room, token(annaId))))
                            .containsExactlyInAnyOrderElementsOf(all)
                            .containsSubsequence(annas)
                            .containsSubsequence(johns);
                }
            }
        }
    }

    /** One that no outgoing connection of this machine takes while nobody listens there. */
    private static int portOfItsOwn() throws IOException {
        for (int port = 20_000 + ThreadLocalRandom.current().nextInt(10_000); ; port++) {
            try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return free.getLocalPort();
            } catch (BindException taken) {
                // The next one.
            }
        }
    }

    @Test
    void two_tabs_agree_on_what_is_unread_and_on_a_draft() {
        book();
        Page anna = open(device(), annaId);
        openRoom(anna);
        BrowserContext johns = device();
        Page first = open(johns, johnId);
        Page second = open(johns, johnId);
        assertThat(count(second)).hasCount(0);
        for (int i = 1; i <= 3; i++) {
            say(anna, "news " + i);
        }
        assertThat(count(first)).hasText("3");
        assertThat(count(second)).hasText("3");

        first.bringToFront();
        openRoom(first);
        assertThat(bubble(first, "news 3")).isVisible();
        assertThat(count(first)).hasCount(0);
        assertThat(count(second)).hasCount(0);

        composer(first).fill("half a sentence");
        second.bringToFront();
        openRoom(second);
        assertThat(composer(second)).hasValue("half a sentence");
        say(second, "from the second tab");
        assertThat(bubble(first, "from the second tab")).hasCount(1);
        assertThat(status(bubble(first, "from the second tab"), "Read")).isVisible();
        assertThat(chromium.complaints()).isEmpty();
    }

    @Test
    void a_cleaner_who_is_unassigned_while_looking_loses_the_room_and_sees_nothing_more() {
        long room = book();
        Page john = open(device(), johnId);
        Page anna = open(device(), annaId);
        openRoom(john);
        openRoom(anna);
        say(anna, "The key is under the stone");
        assertThat(bubble(john, "The key")).isVisible();

        platform.book(Integer.toString(jobs), annaId, null);

        assertThat(john.locator("chat-room"))
                .containsText("You no longer have access to this conversation.");
        assertThat(composer(john)).hasCount(0);
        say(anna, "The code is 1234");
        await().until(() -> log(room).size() == 2);
        assertThat(john.locator("chat-panel")).not().containsText("1234");
        assertThat(john.locator("chat-panel")).not().containsText("under the stone");
        john.locator("chat-panel .back").click();
        assertThat(john.locator("chat-list")).not().containsText("Job " + jobs);

        platform.book(Integer.toString(jobs), annaId, johnId);
        openListed(john);
        assertThat(bubble(john, "The code is 1234")).isVisible();
        assertThat(chromium.complaints()).isEmpty();
    }

    private static void openListed(Page page) {
        page.locator("chat-list li button", new Page.LocatorOptions().setHasText("Job " + jobs))
                .click();
    }

    @Test
    void ten_thousand_messages_scroll_to_the_very_beginning_and_nothing_jumps() throws Exception {
        long room = book();
        fill(10_000);
        Page anna = open(device(), annaId);
        openRoom(anna);
        assertThat(bubble(anna, "message 10000")).isVisible();

        // Towards the beginning; whatever is on top stays where it is while a page comes before it.
        JsonNode seen =
                Platform.JSON.readTree(
                        (String)
                                anna.evaluate(
                                        """
                                        async ([server, id]) => {
                                          const { sharedClient, shown } = await import(server + '/widget/chat.js');
                                          const chat = sharedClient();
                                          const log = document.querySelector('chat-panel').shadowRoot
                                            .querySelector('chat-room').shadowRoot;
                                          const scroll = log.querySelector('.scroll');
                                          const frame = () => new Promise(requestAnimationFrame);
                                          const oldest = () => shown(chat.getSnapshot().rooms[id]).messages[0].seq;
                                          const top = () => [...log.querySelectorAll('.row[data-seq]')]
                                            .find((row) => row.getBoundingClientRect().bottom > scroll.getBoundingClientRect().top + 1);
                                          let drift = 0, watched = 0, nodes = 0;
                                          const end = performance.now() + 300_000;
                                          for (let i = 0; oldest() > 1 && performance.now() < end; i++) {
                                            const before = oldest();
                                            scroll.scrollTop = scroll.clientHeight - scroll.scrollHeight + (i % 2 ? 0 : 300);
                                            await frame();
                                            // Some pages come too quickly to be watched coming.
                                            if (oldest() !== before) continue;
                                            const mark = top();
                                            const seq = mark.dataset.seq, y = mark.getBoundingClientRect().top;
                                            while (oldest() === before && performance.now() < end) await frame();
                                            await frame();
                                            const now = log.querySelector(`.row[data-seq="${seq}"]`);
                                            drift = Math.max(drift, now ? Math.abs(now.getBoundingClientRect().top - y) : 9999);
                                            nodes = Math.max(nodes, log.querySelectorAll('*').length);
                                            watched++;
                                          }
                                          scroll.scrollTop = -scroll.scrollHeight;
                                          return JSON.stringify({ drift, watched, nodes, oldest: oldest() });
                                        }
                                        """,
                                        List.of(
                                                "http://127.0.0.1:" + chat.port(),
                                                Math.toIntExact(room))));

        assertThat(seen.get("oldest").asLong()).as("%s", seen).isEqualTo(1);
        assertThat(seen.get("watched").asInt()).as("%s", seen).isGreaterThan(20);
        assertThat(seen.get("drift").asDouble()).as("pixels of drift: %s", seen).isLessThan(1);
        assertThat(seen.get("nodes").asInt()).as("nodes in the page").isLessThan(1_500);
        assertThat(anna.locator("chat-room .row[data-seq='1']")).containsText("message 1");
        assertThat(anna.locator("chat-room .jump")).isVisible();
        anna.locator("chat-room .jump").click();
        assertThat(bubble(anna, "message 10000")).isVisible();
        assertThat(chromium.complaints()).isEmpty();
    }

    /** Both talk, by sockets, as fast as the server takes it. */
    private void fill(int messages) throws Exception {
        TestSocket anna =
                TestSocket.open(chat.port(), "/ws/job_chat/" + jobs + "/?token=" + token(annaId));
        anna.expect("welcome");
        for (int from = 1; from <= messages; from += 500) {
            for (int i = from; i < from + 500; i++) {
                anna.send(
                        "{\"type\":\"message\",\"message\":\"message %d%s\"}"
                                .formatted(i, " and some more words".repeat(i % 7)));
            }
            for (int i = from; i < from + 500; i++) {
                anna.await("chat_message");
            }
        }
        anna.close();
    }

    @Test
    void a_picture_is_pasted_sent_and_seen() {
        long room = book();
        BrowserContext device = device();
        device.grantPermissions(List.of("clipboard-read", "clipboard-write"));
        Page john = open(device(), johnId);
        Page anna = open(device, annaId);
        openRoom(john);
        openRoom(anna);

        anna.bringToFront();
        anna.evaluate(
                """
                async () => {
                  const canvas = new OffscreenCanvas(640, 480);
                  const draw = canvas.getContext('2d');
                  draw.fillStyle = 'teal';
                  draw.fillRect(80, 60, 480, 360);
                  const png = await canvas.convertToBlob({ type: 'image/png' });
                  await navigator.clipboard.write([new ClipboardItem({ 'image/png': png })]);
                }
                """);
        composer(anna).focus();
        anna.keyboard().press("Control+V");
        assertThat(anna.locator("chat-room .files img")).isVisible();
        anna.keyboard().type("The stain");
        anna.keyboard().press("Enter");

        assertThat(status(bubble(anna, "The stain"), "Read")).isVisible();
        Locator picture = bubble(john, "The stain").locator(".picture img");
        assertThat(picture).isVisible();
        assertThat(
                        (Boolean)
                                picture.evaluate(
                                        "async (img) => (await img.decode(), img.naturalWidth >"
                                                + " 0)"))
                .isTrue();
        JsonNode message = platform.log(room, token(johnId)).getFirst();
        assertThat(message.get("message_type").asText()).isEqualTo("image");
        assertThat(message.at("/attachment/width").asInt()).isEqualTo(640);
        assertThat(message.at("/attachment/height").asInt()).isEqualTo(480);
        assertThat(chromium.complaints()).isEmpty();
    }

    @Test
    void a_photo_chosen_offline_survives_a_reload_and_is_sent_once() {
        long room = book();
        BrowserContext device = device();
        Page john = open(device(), johnId);
        Page anna = open(device, annaId);
        openRoom(john);
        openRoom(anna);
        byte[] photo =
                Base64.getDecoder()
                        .decode(
                                (String)
                                        anna.evaluate(
                                                """
                                                async () => {
                                                  const canvas = new OffscreenCanvas(320, 240);
                                                  canvas.getContext('2d').fillRect(80, 60, 160, 120);
                                                  const png = await canvas.convertToBlob({ type: 'image/png' });
                                                  return btoa(String.fromCharCode(...new Uint8Array(await png.arrayBuffer())));
                                                }
                                                """));
        device.setOffline(true);
        assertThat(anna.locator("chat-room .banner")).containsText("No connection");
        anna.locator("chat-room input[type=file]")
                .setInputFiles(new FilePayload("stain.png", "image/png", photo));
        say(anna, "The stain");
        assertThat(bubble(anna, "The stain").locator(".picture img")).isVisible();
        // Kept: the page may go without a question.
        anna.waitForFunction(
                "() => dispatchEvent(new Event('beforeunload', { cancelable: true }))");

        anna.close();
        device.setOffline(false);
        Page again = open(device, annaId);
        openRoom(again);

        assertThat(status(bubble(again, "The stain"), "Read")).isVisible();
        assertThat(bubble(john, "The stain").locator(".picture img")).isVisible();
        assertThat(bubble(john, "The stain")).hasCount(1);
        List<JsonNode> log = platform.log(room, token(johnId));
        assertThat(contents(log)).containsExactly("The stain");
        assertThat(log.getFirst().at("/attachment/width").asInt()).isEqualTo(320);
        chromium.complaints();
    }

    @ParameterizedTest
    @CsvSource({"1100, 760, LIGHT", "360, 740, DARK"})
    void an_empty_place_and_one_without_a_connection_are_accessible(
            int width, int height, ColorScheme scheme) {
        BrowserContext device = chromium.device(width, height, scheme);
        devices.add(device);
        Page anna = open(device, annaId);
        anna.locator("chat-badge").click();
        assertThat(anna.locator("chat-list")).containsText("No conversations yet");
        Chromium.assertAccessible(anna, "an empty list");

        book();
        openListed(anna);
        assertThat(anna.locator("chat-room")).containsText("Say hello");
        Chromium.assertAccessible(anna, "an empty room");

        device.setOffline(true);
        say(anna, "Is anybody there?");
        assertThat(anna.locator("chat-room .banner")).containsText("No connection");
        assertThat(status(bubble(anna, "Is anybody there?"), "Sending")).isVisible();
        Chromium.assertAccessible(anna, "a room without a connection");
        chromium.complaints();
    }

    @Test
    void everything_can_be_done_with_the_keyboard_alone() {
        book();
        platform.post(
                "/chat/rooms/"
                        + platform.book(Integer.toString(jobs), annaId, johnId)
                        + "/send_message/",
                token(johnId),
                Platform.JSON.createObjectNode().put("message", "Shall I bring a ladder?"));
        Page anna = open(device(), annaId);
        assertThat(count(anna)).hasText("1");

        anna.keyboard().press("Tab");
        anna.keyboard().press("Enter");
        assertThat(anna.locator("chat-panel [part=panel]")).isVisible();
        // The list has the focus; from its buttons the way leads down to the first conversation.
        Locator job =
                anna.locator(
                        "chat-list li button", new Page.LocatorOptions().setHasText("Job " + jobs));
        assertThat(job).isVisible();
        for (int i = 0; i < 6 && !focused(job); i++) {
            anna.keyboard().press("Tab");
        }
        anna.keyboard().press("Enter");
        assertThat(composer(anna)).isFocused();
        anna.keyboard().type("Yes, plaese");
        anna.keyboard().press("Shift+Enter");
        anna.keyboard().type("and a bucket");
        anna.keyboard().press("Enter");
        assertThat(status(bubble(anna, "Yes, plaese"), "Sent")).isVisible();

        anna.keyboard().press("ArrowUp");
        assertThat(composer(anna)).hasValue("Yes, plaese\nand a bucket");
        anna.keyboard().press("Control+A");
        anna.keyboard().type("Yes, please");
        anna.keyboard().press("Enter");
        assertThat(bubble(anna, "Yes, please")).containsText("edited");

        // Back from the composer to the messages, and through the menu of one of them.
        Locator menu = anna.locator("chat-room [role=menu]");
        for (int i = 0; i < 4 && !menuButtonFocused(anna); i++) {
            anna.keyboard().press("Shift+Tab");
        }
        anna.keyboard().press("ArrowUp");
        anna.keyboard().press("Enter");
        assertThat(menu).isVisible();
        anna.keyboard().press("Enter");
        assertThat(anna.locator("chat-room .context")).containsText("Shall I bring a ladder?");
        assertThat(composer(anna)).isFocused();
        anna.keyboard().press("Escape");
        assertThat(anna.locator("chat-room .context")).hasCount(0);

        anna.keyboard().press("Escape");
        assertThat(anna.locator("chat-panel [part=panel]")).not().isVisible();
        assertThat(anna.locator("chat-badge button")).isFocused();
        assertThat(chromium.complaints()).isEmpty();
    }

    private static boolean focused(Locator element) {
        return (Boolean) element.evaluate("e => e.getRootNode().activeElement === e");
    }

    private static boolean menuButtonFocused(Page page) {
        return (Boolean)
                page.locator("chat-room")
                        .evaluate(
                                "r => r.shadowRoot.activeElement?.classList.contains('more') ??"
                                        + " false");
    }

    @Test
    void a_page_of_an_origin_that_is_not_allowed_gets_the_widget_but_no_word_of_the_chat()
            throws Exception {
        long room = book();
        try (ForeignPages stranger = new ForeignPages()) {
            stranger.show("http://127.0.0.1:" + chat.port(), WidgetInBrowsersTest::token);
            Page page = device().newPage();
            page.navigate(stranger.of(annaId));
            page.locator("chat-badge").click();

            assertThat(page.locator("chat-list .banner"))
                    .containsText("Chat is not available on this page.");
            assertThat(count(page)).hasCount(0);
            Object read =
                    page.evaluate(
                            "([url, token]) => fetch(url, { headers: { Authorization: 'Bearer ' +"
                                    + " token } }).then(() => 'read', () => 'refused')",
                            List.of(
                                    "http://127.0.0.1:" + chat.port() + "/chat/rooms/" + room + "/",
                                    token(annaId)));
            assertThat(read).isEqualTo("refused");
        }
    }
}
