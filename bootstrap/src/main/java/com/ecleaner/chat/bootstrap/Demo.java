package com.ecleaner.chat.bootstrap;

import com.ecleaner.chat.application.Chat;
import com.ecleaner.chat.application.signin.SignIn;
import com.ecleaner.chat.bootstrap.Marketplace.Booking;
import com.ecleaner.chat.bootstrap.Marketplace.Player;
import com.ecleaner.chat.bootstrap.pages.StaticFiles;
import com.ecleaner.chat.bootstrap.secrets.PrivateDirectory;
import com.ecleaner.chat.bootstrap.secrets.SecretFile;
import com.ecleaner.chat.bootstrap.settings.Secret;
import com.ecleaner.chat.bootstrap.settings.Settings;
import com.ecleaner.chat.bootstrap.signin.JwtSignIn;
import com.ecleaner.chat.bootstrap.signin.TokenIssuer;
import com.ecleaner.chat.domain.job.JobId;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.room.Room;
import com.ecleaner.chat.domain.room.RoomKey;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.UserId;

import org.glassfish.grizzly.http.server.HttpHandlerRegistration;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The chat with four people and four jobs in it, and a small marketplace around them: to see it
 * work without writing a line. Signs its own tokens, with a secret that stays in the data
 * directory, so that an address that was printed once opens after a restart too.
 */
final class Demo implements AutoCloseable {
    private static final Duration TOKEN_LIFE = Duration.ofDays(30);

    /** No script or style but its own files; sockets and requests to this server alone. */
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:;"
                    + " connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none';"
                    + " frame-ancestors 'self'; require-trusted-types-for 'script'";

    private static final Player ANNA = player("25", "anna", "Anna", Role.CLIENT);
    private static final Player JOHN = player("26", "john", "John", Role.CLEANER);
    private static final Player MARIA = player("27", "maria", "Maria", Role.CLEANER);
    private static final Player OFFICE = player("1", "office", "Olivia", Role.ADMIN);

    /** The client and the cleaner first. */
    static final List<Player> PLAYERS = List.of(ANNA, JOHN, MARIA, OFFICE);

    private static final Booking SPRING =
            booking("5", "Spring cleaning, 3 rooms", "Saturday, 9:00", "12 Mill Lane", "€ 120");
    private static final Booking WINDOWS =
            booking("6", "Windows, 2nd floor", "Monday, 14:00", "12 Mill Lane", "€ 65");
    private static final Booking OFFICES =
            booking("7", "Home office, every week", "Thursdays, 17:30", "4 Harbour Street", "€ 45");
    private static final Booking BALCONY =
            booking("8", "Balcony and terrace", "Last Tuesday", "12 Mill Lane", "€ 40");

    private static final List<Booking> BOOKINGS = List.of(SPRING, WINDOWS, OFFICES, BALCONY);

    private static final RoomKey SUPPORT_FOR_ANNA =
            new RoomKey.OfSupport(ANNA.person().id(), Optional.empty(), Optional.empty());

    private final Server server;
    private final TokenIssuer tokens;

    private Demo(Server server, TokenIssuer tokens) {
        this.server = server;
        this.tokens = tokens;
    }

    /** Starts it, with its people, jobs and first messages in place. */
    static Demo start(Settings settings, InstantSource clock) {
        Settings own = settings.withOwnKeys(secret(settings.dataDir()));
        TokenIssuer tokens = TokenIssuer.of(own, clock);
        SignIn signIn = JwtSignIn.of(own, clock);
        FirstWords.Clock clocks = new FirstWords.Clock(clock);
        Server server =
                Server.start(
                        own,
                        clocks,
                        (http, chat, stores) -> {
                            pages().install(http.getListeners().iterator().next());
                            http.getServerConfiguration()
                                    .addHttpHandler(
                                            market(signIn, tokens, chat, stores),
                                            HttpHandlerRegistration.builder()
                                                    .contextPath(Marketplace.PATH)
                                                    .urlPattern("/*")
                                                    .build());
                        });
        try {
            seed(market(signIn, tokens, server.chat(), server.stores()), server, clocks);
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
        return new Demo(server, tokens);
    }

    private static StaticFiles pages() {
        return StaticFiles.below("/demo/", "/demo/", "[a-z]+\\.(html|css|js|svg)")
                .at("/", "index.html")
                .withHeader("Content-Security-Policy", POLICY)
                .withHeader("Referrer-Policy", "no-referrer")
                .withHeader("Cache-Control", "no-cache");
    }

    private static Marketplace market(
            SignIn signIn, TokenIssuer tokens, Chat chat, Chat.Stores stores) {
        return new Marketplace(
                signIn,
                PLAYERS,
                BOOKINGS,
                // Beside the client the cleaner, beside all others the client.
                player -> token(player.equals(ANNA) ? JOHN : ANNA, tokens),
                chat,
                stores.jobs());
    }

    /** One line for each player: who they are, and the address to open. */
    List<String> addresses() {
        List<String> lines = new ArrayList<>();
        for (Player player : PLAYERS) {
            lines.add(
                    "%-6s (%s): %s/#token=%s"
                            .formatted(
                                    player.person().firstName(),
                                    player.role().wireName(),
                                    server.address(),
                                    token(player, tokens)));
        }
        return lines;
    }

    Server server() {
        return server;
    }

    @Override
    public void close() {
        server.close();
    }

    private static String token(Player player, TokenIssuer tokens) {
        return tokens.issue(player.person(), player.role(), TOKEN_LIFE);
    }

    private static Secret secret(Path directory) {
        try {
            PrivateDirectory.make(directory);
            return SecretFile.readOrMake(directory.resolve("demo.secret"));
        } catch (IOException e) {
            throw new CannotStart("CHAT_DATA_DIR: " + e.getMessage(), e);
        }
    }

    /** What is there already stays as it is. */
    private static void seed(Marketplace market, Server server, FirstWords.Clock clock) {
        for (Player player : PLAYERS) {
            if (server.stores().users().find(player.person().id()).isEmpty()) {
                market.introduce(player);
            }
        }
        clock.before(
                Duration.ofDays(9),
                () -> {
                    book(market, server, SPRING, JOHN);
                    book(market, server, WINDOWS, JOHN);
                    book(market, server, OFFICES, MARIA);
                    book(market, server, BALCONY, MARIA);
                });
        // What is said last: where it is there, all is.
        if (room(server.chat(), RoomKey.OfJob.main(WINDOWS.job())).lastSeq() == 0) {
            talk(market, server, clock);
        }
    }

    /** In the order of time. */
    private static void talk(Marketplace market, Server server, FirstWords.Clock clock) {
        Chat chat = server.chat();
        clock.before(Duration.ofDays(6), () -> finish(market, server));
        FirstWords offices = words(chat, RoomKey.OfJob.main(OFFICES.job()));
        clock.before(
                Duration.ofHours(70),
                () -> offices.say(MARIA, "I will start with the desks this week."));
        clock.before(
                Duration.ofHours(69),
                () -> {
                    offices.say(ANNA, "Great! The plants could do with some water, too.");
                    offices.read(ANNA, MARIA);
                });
        aboutTheSpringCleaning(words(chat, RoomKey.OfJob.main(SPRING.job())), clock);
        FirstWords support = words(chat, SUPPORT_FOR_ANNA);
        clock.before(
                Duration.ofMinutes(38),
                () -> support.say(ANNA, "Hello! Could the windows be done on Tuesday instead?"));
        FirstWords windows = words(chat, RoomKey.OfJob.main(WINDOWS.job()));
        clock.before(
                Duration.ofMinutes(9),
                () -> windows.say(JOHN, "Do you have a ladder, or shall I bring mine?"));
    }

    private static void finish(Marketplace market, Server server) {
        if (server.stores().jobs().find(BALCONY.job()).orElseThrow().status().equals("assigned")) {
            FirstWords balcony = words(server.chat(), RoomKey.OfJob.main(BALCONY.job()));
            balcony.say(MARIA, "All done. It was a pleasure!");
            Optional<Person> maria = Optional.of(MARIA.person());
            market.write(BALCONY, "completed", Optional.of(ANNA.person()), maria);
            balcony.read(ANNA);
        }
    }

    private static void aboutTheSpringCleaning(FirstWords spring, FirstWords.Clock clock) {
        clock.before(
                Duration.ofMinutes(26 * 60 + 8),
                () ->
                        spring.say(
                                ANNA,
                                "Hello John! The key is at the café downstairs, ask for Mia."));
        clock.before(
                Duration.ofMinutes(25 * 60 + 51),
                () -> spring.say(JOHN, "Thanks, Anna. I can be there at nine, is that all right?"));
        clock.before(
                Duration.ofMinutes(25 * 60 + 49), () -> spring.say(ANNA, "Nine is perfect 👍"));
        clock.before(
                Duration.ofMinutes(64),
                () -> {
                    Message stain =
                            spring.show(ANNA, "worktop.jpg", "Can you do something about this?");
                    clock.before(
                            Duration.ofMinutes(57),
                            () ->
                                    spring.reply(
                                            JOHN, stain, "Coffee? I will bring something for it."));
                });
        clock.before(
                Duration.ofMinutes(55),
                () -> {
                    Message thanks = spring.say(ANNA, "It is. Wonderful!");
                    spring.edit(ANNA, thanks, "It is. Wonderful, thank you!");
                });
        clock.before(
                Duration.ofMinutes(54),
                () -> {
                    spring.say(JOHN, "See you on Saturday ✨");
                    spring.read(ANNA, JOHN);
                });
    }

    private static void book(Marketplace market, Server server, Booking booking, Player cleaner) {
        if (server.stores().jobs().find(booking.job()).isEmpty()) {
            market.write(
                    booking, "assigned", Optional.of(ANNA.person()), Optional.of(cleaner.person()));
        }
    }

    private static FirstWords words(Chat chat, RoomKey key) {
        return new FirstWords(chat, room(chat, key).id());
    }

    private static Room room(Chat chat, RoomKey key) {
        return chat.openRoom().open(ANNA.actor(), key).view().room();
    }

    private static Player player(String id, String username, String firstName, Role role) {
        return new Player(new Person(new UserId(id), username, firstName), role);
    }

    private static Booking booking(
            String id, String title, String time, String place, String price) {
        return new Booking(new JobId(id), title, time, place, price);
    }
}
