package com.ecleaner.chat.bootstrap.pages;

/**
 * The widget at {@code /widget/…}: modules and their types, for the pages of any origin. Nothing in
 * them is secret, and a page needs them before it can ask for anything; who may talk to the chat is
 * decided where it is talked to.
 */
public final class Widget {
    private static final String NAMES = "(types/([a-z0-9]+/)?)?[A-Za-z0-9-]+(\\.js|\\.d\\.ts)";

    private Widget() {}

    /** Its files, as far as they were built. */
    public static StaticFiles files() {
        StaticFiles files =
                StaticFiles.below("/widget/", "/META-INF/resources/widget/", NAMES)
                        .lasting("chat-rooms-[0-9a-f]{8}\\.js")
                        .withHeader("Access-Control-Allow-Origin", "*")
                        .withHeader("Cross-Origin-Resource-Policy", "cross-origin");
        return files.has("chat.js")
                ? files
                : files.whenMissing("This server was built without npm, thus without the widget.");
    }
}
