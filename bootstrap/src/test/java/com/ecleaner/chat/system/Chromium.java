package com.ecleaner.chat.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A real Chromium, driven by Playwright. Where none is installed the tests that ask for it are
 * skipped, with one line that says so. For one thread.
 */
final class Chromium implements AutoCloseable {
    /** Long enough for a busy machine; nothing waits that long when all is well. */
    private static final double PATIENCE_MS = 20_000;

    private static final Path AXE = Path.of("../web-client/node_modules/axe-core/axe.min.js");

    /**
     * Of WCAG 2.2, target-size is left out unless it is asked for. What lies beneath a modal dialog
     * cannot be reached, and axe does not see that where the dialog is inside a shadow root.
     */
    private static final String LOOK =
            """
            (async () => {
              const modal = (root) => {
                for (const { shadowRoot } of root.querySelectorAll('*')) {
                  const within = shadowRoot && modal(shadowRoot);
                  if (within) return within;
                }
                return root.querySelector('dialog:modal');
              };
              const rules = { 'target-size': { enabled: true } };
              const { violations, passes } = await axe.run(modal(document) ?? document, { rules });
              const nodes = (v) => v.nodes.map((n) => n.target.join(' ') + ' ' + n.failureSummary);
              return passes.length
                ? violations.map((v) => v.id + ': ' + nodes(v).join('; ')).join('\\n')
                : 'nothing was looked at';
            })()
            """;

    private final Playwright playwright;
    private final Browser browser;
    private final List<String> complaints = new ArrayList<>();

    private Chromium(Playwright playwright, Browser browser) {
        this.playwright = playwright;
        this.browser = browser;
    }

    /** Starts it; skips the test where there is no Chromium, or no widget to look at. */
    static Chromium start() {
        Path program =
                Path.of(Optional.ofNullable(System.getenv("CHROMIUM")).orElse("/usr/bin/chromium"));
        assumeTrue(
                Files.isExecutable(program),
                "skipped: no Chromium at "
                        + program
                        + " (apt-get install chromium, or CHROMIUM=…)");
        assumeTrue(
                Chromium.class.getResource("/META-INF/resources/widget/chat.js") != null,
                "skipped: this build has no widget, for want of npm");
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MS);
        Playwright playwright =
                Playwright.create(
                        new Playwright.CreateOptions()
                                .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        Browser browser =
                playwright
                        .chromium()
                        .launch(
                                new BrowserType.LaunchOptions()
                                        .setExecutablePath(program)
                                        .setArgs(
                                                List.of(
                                                        "--no-sandbox",
                                                        "--disable-gpu",
                                                        "--disable-background-networking",
                                                        "--disable-component-update",
                                                        "--disable-sync")));
        return new Chromium(playwright, browser);
    }

    /** Somebody's device: cookies and storage of its own. */
    BrowserContext device() {
        return device(1100, 760, ColorScheme.LIGHT);
    }

    BrowserContext device(int width, int height, ColorScheme scheme) {
        return device(width, height, scheme, "Europe/Kyiv");
    }

    BrowserContext device(int width, int height, ColorScheme scheme, String timezone) {
        BrowserContext device =
                browser.newContext(
                        new Browser.NewContextOptions()
                                .setViewportSize(width, height)
                                .setDeviceScaleFactor(width < 600 ? 2 : 1)
                                .setColorScheme(scheme)
                                .setReducedMotion(ReducedMotion.REDUCE)
                                .setLocale("en-GB")
                                .setTimezoneId(timezone));
        device.setDefaultTimeout(PATIENCE_MS);
        device.onPage(
                page -> {
                    page.onPageError(error -> complaints.add(error));
                    page.onConsoleMessage(
                            message -> {
                                if (message.type().equals("error")) {
                                    complaints.add(message.text());
                                }
                            });
                });
        return device;
    }

    /** What pages complained of since it was last asked: errors, and breaches of their policy. */
    List<String> complaints() {
        List<String> all = List.copyOf(complaints);
        complaints.clear();
        return all;
    }

    /** Looks at a page with axe: every rule of WCAG 2.2 AA that a program can check, and more. */
    static void assertAccessible(Page page, String view) {
        assumeTrue(Files.exists(AXE), "skipped: axe-core is not installed in web-client");
        CDPSession debugger = page.context().newCDPSession(page);
        try {
            // By the debugger, which the page's policy does not bind.
            evaluate(debugger, Files.readString(AXE) + ";0", false);
            String violations = evaluate(debugger, LOOK, true);
            assertThat(violations).as(view).isEmpty();
        } catch (IOException e) {
            throw new AssertionError(e);
        } finally {
            debugger.detach();
        }
    }

    private static String evaluate(CDPSession debugger, String script, boolean promised) {
        JsonObject what = new JsonObject();
        what.addProperty("expression", script);
        what.addProperty("awaitPromise", promised);
        what.addProperty("returnByValue", true);
        JsonObject answer = debugger.send("Runtime.evaluate", what);
        assertThat(answer.has("exceptionDetails")).as("axe: %s", answer).isFalse();
        JsonElement value = answer.getAsJsonObject("result").get("value");
        return value == null ? "" : value.getAsString();
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
