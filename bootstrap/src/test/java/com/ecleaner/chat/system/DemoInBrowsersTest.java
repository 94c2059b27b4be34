package com.ecleaner.chat.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.FrameLocator;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.FilePayload;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The demo's marketplace in a real browser. Each view is looked at with axe, and kept as a picture
 * in docs/screenshots where {@code -Dchat.screenshots=write} asks for it.
 */
final class DemoInBrowsersTest {
    private static final Path PICTURES = Path.of("../docs/screenshots");
    private static final boolean KEEPS_PICTURES =
            System.getProperty("chat.screenshots", "").equals("write");

    @TempDir static Path folder;
    private static Chromium chromium;
    private static ChatProcess chat;
    private static List<String> addresses;

    private final List<BrowserContext> devices = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        chromium = Chromium.start();
        chat = ChatProcess.start("demo", folder.resolve("data"), Map.of());
        addresses =
                chat.linesUntil("(admin)").stream()
                        .map(line -> line.substring(line.indexOf("http://")))
                        .toList();
    }

    @AfterAll
    static void stop() throws Exception {
        if (chat != null) {
            chat.close();
        }
        if (chromium != null) {
            chromium.close();
        }
    }

    @AfterEach
    void the_devices_are_put_away() {
        devices.forEach(BrowserContext::close);
        // One that was offline goes on complaining to its end; the next test has others.
        if (chromium != null) {
            chromium.complaints();
        }
    }

    private BrowserContext device(int width, int height, ColorScheme scheme) {
        BrowserContext device = chromium.device(width, height, scheme, morning());
        devices.add(device);
        return device;
    }

    /** Where it is about half past ten: what was said an hour ago was said today. */
    private static String morning() {
        int east = 10 - LocalTime.now(ZoneOffset.UTC).getHour();
        int within = east < -12 ? east + 24 : east;
        // Their signs are the other way round.
        return "Etc/GMT" + (within > 0 ? "-" : "+") + Math.abs(within);
    }

    private Page anna() {
        return open(addresses.get(0), "");
    }

    private Page john() {
        return open(addresses.get(1), "");
    }

    private Page open(String address, String query) {
        return open(device(1280, 860, ColorScheme.LIGHT), address, query);
    }

    private static Page open(BrowserContext device, String address, String query) {
        Page page = device.newPage();
        page.navigate(address.replace("/#", "/" + query + "#"));
        page.locator(".card h3").first().waitFor();
        return page;
    }

    private static Locator card(Page page, String title) {
        return page.locator(".card", new Page.LocatorOptions().setHasText(title));
    }

    private static Locator button(Locator within, String name) {
        return within.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(name));
    }

    private static void play(Locator card, String what) {
        if (card.locator("details[open]").count() == 0) {
            card.locator("summary").click();
        }
        button(card, what).click();
    }

    @Test
    void the_token_leaves_the_address_bar_and_a_reload_still_knows_who_one_is() {
        Page page = anna();

        assertThat(page.url()).doesNotContain("token").endsWith("/");
        page.reload();
        assertThat(page.locator("h1")).hasText("Good to see you, Anna");
        assertThat(page.locator(".card")).hasCount(4);
        assertThat(chromium.complaints()).as("its policy is kept").isEmpty();
    }

    @Test
    void each_sees_their_own_jobs_and_the_button_opens_the_jobs_conversation() {
        Page anna = anna();
        Page john = john();
        assertThat(john.locator(".card")).hasCount(2);
        assertThat(card(john, "Home office")).hasCount(0);

        button(card(john, "Windows"), "Message Anna").click();
        assertThat(john.locator("chat-room")).containsText("Do you have a ladder");
        john.locator("chat-room textarea").fill("I have one now.");
        john.locator("chat-room textarea").press("Enter");

        assertThat(card(anna, "Windows").locator(".count")).not().isHidden();
        assertThat(card(anna, "Windows").locator(".last")).hasText("John: I have one now.");
        assertThat(anna.locator("chat-badge .count")).isVisible();
        button(card(anna, "Windows"), "Message John").click();
        assertThat(card(anna, "Windows").locator(".count")).isHidden();
        assertThat(chromium.complaints()).isEmpty();
    }

    @Test
    void what_the_platform_does_is_told_in_the_room_and_whoever_is_unassigned_is_out() {
        Page anna = anna();
        Page john = john();
        button(card(john, "Spring cleaning"), "Message Anna").click();
        assertThat(john.locator("chat-room")).containsText("Nine is perfect");

        play(card(anna, "Spring cleaning"), "Say “in progress”");
        assertThat(card(anna, "Spring cleaning").locator(".pill")).hasText("In progress");
        assertThat(john.locator("chat-room"))
                .containsText(Pattern.compile("in progress", Pattern.CASE_INSENSITIVE));
        assertThat(card(john, "Spring cleaning").locator(".pill")).hasText("In progress");

        play(card(anna, "Spring cleaning"), "Unassign John");
        assertThat(card(anna, "Spring cleaning")).containsText("Nobody yet");
        assertThat(card(john, "Spring cleaning")).hasCount(0);
        assertThat(john.locator("chat-room"))
                .containsText("You no longer have access to this conversation.");

        play(card(anna, "Spring cleaning"), "Assign John");
        assertThat(card(john, "Spring cleaning")).hasCount(1);
        assertThat(card(john, "Spring cleaning").locator(".pill")).hasText("Booked");
        assertThat(chromium.complaints()).isEmpty();
    }

    @Test
    void a_question_to_support_is_answered_closed_and_opens_again_by_writing() {
        Page maria = open(addresses.get(2), "");
        Page office = open(addresses.get(3), "");
        Locator waiting =
                office.locator(
                        ".desk chat-list li button", new Page.LocatorOptions().setHasText("Maria"));
        Locator desk = office.locator(".desk chat-room");
        Locator asking = maria.locator("chat-panel chat-room");
        assertThat(waiting).hasCount(0);

        maria.locator("#support").click();
        assertThat(asking).containsText("How can we help?");
        say(asking, "Nobody answers the door.");
        assertThat(said(asking, "Nobody answers")).hasCount(1);

        // It waits in the queue by itself, also what was said after the room had been opened;
        // whoever
        // answers is in from then on.
        assertThat(waiting).containsText("Nobody answers the door.");
        assertThat(waiting.locator(".waits")).isVisible();
        waiting.click();
        assertThat(said(desk, "Nobody answers the door.")).hasCount(1);
        say(desk, "I will call Anna.");
        assertThat(said(asking, "I will call Anna.")).hasCount(1);
        say(asking, "Thank you!");
        assertThat(said(desk, "Thank you!")).hasCount(1);
        assertThat(waiting).containsText("Thank you!");
        assertThat(waiting).hasAttribute("aria-current", "true");

        button(desk, "Close the conversation").click();
        assertThat(asking.locator(".shut")).containsText("Write to open it again.");
        assertThat(desk.locator("textarea")).hasCount(0);
        assertThat(desk.locator(".shut")).containsText("This conversation is closed.");

        say(asking, "She is there now.");
        assertThat(said(asking, "She is there now.")).hasCount(1);
        assertThat(asking.locator(".shut")).hasCount(0);
        assertThat(said(desk, "She is there now.")).hasCount(1);
        say(desk, "Good.");
        assertThat(said(asking, "Good.")).hasCount(1);
        assertThat(chromium.complaints()).isEmpty();
    }

    private static void say(Locator room, String text) {
        room.locator("textarea").fill(text);
        room.locator("textarea").press("Enter");
    }

    private static Locator said(Locator room, String text) {
        return room.locator(".row .text", new Locator.LocatorOptions().setHasText(text));
    }

    @Test
    void what_the_office_finds_on_a_phone_is_shown_where_it_stands() {
        Page office = open(device(360, 740, ColorScheme.LIGHT), addresses.get(3), "");
        office.locator(".desk chat-list input[type=search]").fill("ladder");
        office.locator(".desk chat-list mark").first().click();

        assertThat(office.locator("chat-panel chat-room")).containsText("Do you have a ladder");
        assertThat(office.evaluate("() => document.querySelector('chat-panel').address.message"))
                .isInstanceOf(Integer.class);
        assertThat(chromium.complaints()).isEmpty();
    }

    @Test
    void two_people_are_shown_side_by_side() {
        Page anna = anna();
        anna.locator("#beside").click();

        FrameLocator left = anna.frameLocator("iframe >> nth=0");
        FrameLocator right = anna.frameLocator("iframe >> nth=1");
        assertThat(left.locator("h1")).hasText("Good to see you, Anna");
        assertThat(right.locator("h1")).hasText("Ready when you are, John");
        assertThat(anna.url()).doesNotContain("token");
        assertThat(chromium.complaints()).isEmpty();
    }

    @Test
    void nobody_gets_in_without_an_address_that_was_printed() {
        Page page = device(1280, 860, ColorScheme.LIGHT).newPage();
        String home = addresses.getFirst().substring(0, addresses.getFirst().indexOf('#'));
        page.navigate(home);
        assertThat(page.locator("h1")).hasText("Welcome");
        page.navigate("about:blank");
        page.navigate(home + "#token=x.y.z");
        assertThat(page.locator("h1")).hasText("That address is old");
        assertThat(page.locator(".card")).hasCount(0);
        chromium.complaints();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "desktop-light, 1280, 860, LIGHT, ltr",
        "desktop-dark, 1280, 860, DARK, ltr",
        "phone-light, 360, 740, LIGHT, ltr",
        "phone-dark, 360, 740, DARK, ltr",
        "phone-rtl, 360, 740, LIGHT, rtl",
    })
    void every_view_is_accessible(
            String name, int width, int height, ColorScheme scheme, String direction) {
        BrowserContext device = device(width, height, scheme);
        String query = direction.equals("rtl") ? "?dir=rtl" : "";
        john();
        Page page = open(device, addresses.getFirst(), query);
        assertThat(card(page, "Windows").locator(".last")).isVisible();
        look(page, name + "-jobs");

        page.locator("chat-badge").click();
        page.locator("chat-panel chat-list li").first().waitFor();
        look(page, name + "-list");

        page.locator(
                        "chat-panel chat-list li button",
                        new Page.LocatorOptions().setHasText("Spring"))
                .click();
        assertThat(page.locator("chat-room")).containsText("Nine is perfect");
        assertThat(page.locator("chat-room .picture img")).isVisible();
        assertThat(page.locator("chat-room header .dot")).isVisible();
        look(page, name + "-room");

        page.locator("chat-room .row .more").last().focus();
        page.keyboard().press("Enter");
        page.locator("chat-room [role=menu]").waitFor();
        look(page, name + "-menu");
        page.keyboard().press("Escape");

        page.locator("chat-panel .back").click();
        page.locator(
                        "chat-panel chat-list li button",
                        new Page.LocatorOptions().setHasText("Balcony"))
                .click();
        page.locator("chat-room .shut").waitFor();
        look(page, name + "-closed");
        page.close();

        Page office = open(device, addresses.get(3), query);
        Locator question =
                office.locator(
                        ".desk chat-list li button",
                        new Page.LocatorOptions().setHasText("Could the windows"));
        question.waitFor();
        look(office, name + "-office");
        question.click();
        assertThat(office.locator("chat-room")).containsText("Could the windows");
        look(office, name + "-desk");
        assertThat(chromium.complaints()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"desktop-light, 1280, 860, LIGHT", "phone-dark, 360, 740, DARK"})
    void what_opens_goes_wrong_or_comes_meanwhile_is_accessible_too(
            String name, int width, int height, ColorScheme scheme) {
        BrowserContext device = device(width, height, scheme);
        Page page = open(device, addresses.getFirst(), "");
        Locator room = page.locator("chat-panel chat-room");
        page.locator("chat-badge").click();
        page.locator("chat-panel chat-list li").first().waitFor();

        button(page.locator("chat-panel chat-list"), "Notification settings").click();
        page.locator("chat-list .menu").waitFor();
        look(page, name + "-settings");
        page.keyboard().press("Escape");
        page.locator("chat-list input[type=search]").fill("coffee");
        page.locator("chat-list mark").first().waitFor();
        look(page, name + "-search");
        page.locator("chat-list input[type=search]").fill("");

        says(addresses.get(1), "Windows, 2nd floor", "Never mind, I will bring mine.");
        openListed(page, "Windows, 2nd floor");
        room.locator(".new").waitFor();
        look(page, name + "-new");
        page.locator("chat-panel .back").click();

        openListed(page, "Spring cleaning");
        button(room, "Enlarge worktop.jpg").click();
        assertThat(room.locator("dialog img")).isVisible();
        look(page, name + "-lightbox");
        page.keyboard().press("Escape");
        room.locator(".edited").first().click();
        assertThat(room.locator("dialog")).containsText("Earlier versions");
        look(page, name + "-earlier");
        page.keyboard().press("Escape");
        room.locator(".theirs .more").last().focus();
        page.keyboard().press("Enter");
        room.getByRole(AriaRole.MENUITEM, new Locator.GetByRoleOptions().setName("Reply")).click();
        assertThat(room.locator(".context")).containsText("Replying to John");
        look(page, name + "-reply");
        page.keyboard().press("Escape");

        room.locator("input[type=file]")
                .setInputFiles(new FilePayload("empty.pdf", "application/pdf", new byte[0]));
        page.keyboard().press("Enter");
        assertThat(room.locator(".failed")).containsText("Not sent");
        look(page, name + "-failed");
        button(room, "Discard").click();
        device.setOffline(true);
        say(room, "Are you on your way?");
        assertThat(room.locator(".banner")).containsText("No connection");
        look(page, name + "-offline");
        chromium.complaints();
    }

    private static void openListed(Page page, String title) {
        page.locator("chat-panel chat-list li button", new Page.LocatorOptions().setHasText(title))
                .click();
        page.locator("chat-room .row").last().waitFor();
    }

    /** Somebody writes from elsewhere. */
    private void says(String address, String title, String text) {
        BrowserContext device = device(1280, 860, ColorScheme.LIGHT);
        Page page = open(device, address, "");
        page.locator("chat-badge").click();
        openListed(page, title);
        say(page.locator("chat-panel chat-room"), text);
        assertThat(said(page.locator("chat-panel chat-room"), text).last()).isVisible();
        page.locator("chat-room .mine [aria-label=Sent]").last().waitFor();
        page.close();
    }

    private static void look(Page page, String view) {
        // Fonts and pictures are there, and nothing moves any more.
        page.evaluate(
                "() => Promise.all([document.fonts.ready,"
                        + " ...document.getAnimations({ subtree: true }).map((a) => a.finished)])");
        if (KEEPS_PICTURES) {
            page.screenshot(
                    new Page.ScreenshotOptions()
                            .setPath(PICTURES.resolve("demo-" + view + ".png")));
        }
        Chromium.assertAccessible(page, view);
        assertThat(
                        (Boolean)
                                page.evaluate(
                                        "() => document.documentElement.scrollWidth <= innerWidth"))
                .as("%s is not wider than the screen", view)
                .isTrue();
    }
}
