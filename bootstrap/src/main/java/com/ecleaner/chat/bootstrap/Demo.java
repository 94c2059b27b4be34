package com.ecleaner.chat.bootstrap;

import com.ecleaner.chat.application.Chat;
import com.ecleaner.chat.bootstrap.secrets.PrivateDirectory;
import com.ecleaner.chat.bootstrap.secrets.SecretFile;
import com.ecleaner.chat.bootstrap.settings.Secret;
import com.ecleaner.chat.bootstrap.settings.Settings;
import com.ecleaner.chat.bootstrap.signin.JwtSignIn;
import com.ecleaner.chat.bootstrap.signin.TokenIssuer;
import com.ecleaner.chat.domain.job.JobId;
import com.ecleaner.chat.domain.message.ClientId;
import com.ecleaner.chat.domain.message.Draft;
import com.ecleaner.chat.domain.port.Jobs;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.room.RoomKey;
import com.ecleaner.chat.domain.user.Actor;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.UserId;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The chat with three people and two jobs in it, and a page for each of them: to see it work
 * without writing a line. Signs its own tokens, with a secret that stays in the data directory, so
 * that an address that was printed once opens after a restart too.
 */
final class Demo implements AutoCloseable {
    /** The job whose room the page shows. */
    static final JobId JOB = new JobId("5");

    private static final JobId SECOND_JOB = new JobId("6");

    private static final Duration TOKEN_LIFE = Duration.ofDays(30);

    /** Somebody of the demo. */
    record Player(Person person, Role role) {
        Actor actor() {
            return new Actor(person.id(), role);
        }
    }

    private static final Player ANNA = player("25", "anna", "Anna", Role.CLIENT);
    private static final Player JOHN = player("26", "john", "John", Role.CLEANER);
    private static final Player OFFICE = player("1", "office", "Olivia", Role.ADMIN);
    private static final Actor PLATFORM = new Actor(new UserId("platform"), Role.SERVICE);

    static final List<Player> PLAYERS = List.of(ANNA, JOHN, OFFICE);

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
        DemoPage page = new DemoPage(JwtSignIn.of(own, clock), user -> besides(user, tokens));
        Server server = Server.start(own, clock, page::install);
        try {
            seed(server);
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
        return new Demo(server, tokens);
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

    /** The token of whom a player is shown beside: the client's of everybody but the client. */
    private static Optional<String> besides(UserId user, TokenIssuer tokens) {
        if (PLAYERS.stream().noneMatch(player -> player.person().id().equals(user))) {
            return Optional.empty();
        }
        return Optional.of(token(user.equals(ANNA.person().id()) ? JOHN : ANNA, tokens));
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

    /** What is there already stays as it is: names and messages are told apart by their ids. */
    private static void seed(Server server) {
        Chat chat = server.chat();
        for (Player player : PLAYERS) {
            if (server.stores().users().find(player.person().id()).isEmpty()) {
                chat.maintainUsers().put(PLATFORM, player.person(), Optional.of(player.role()));
            }
        }
        job(server, JOB, "Spring cleaning, 3 rooms", "assigned");
        job(server, SECOND_JOB, "Windows, 2nd floor", "assigned");
        RoomId room = room(chat, JOB);
        say(chat, room, ANNA, 1, "Hello John! The key is at the café downstairs, ask for Mia.");
        say(chat, room, JOHN, 2, "Thanks, Anna. I can be there at nine, is that all right?");
        say(chat, room, ANNA, 3, "Nine is perfect 👍");
        say(chat, room(chat, SECOND_JOB), JOHN, 4, "Do you have a ladder, or shall I bring mine?");
    }

    private static void job(Server server, JobId id, String title, String status) {
        if (server.stores().jobs().find(id).isEmpty()) {
            server.chat()
                    .maintainJobs()
                    .put(
                            PLATFORM,
                            new Jobs.Writing(
                                    id,
                                    title,
                                    status,
                                    Optional.of(ANNA.person()),
                                    Optional.of(JOHN.person()),
                                    Optional.empty()));
        }
    }

    private static RoomId room(Chat chat, JobId job) {
        return chat.openRoom().open(ANNA.actor(), RoomKey.OfJob.main(job)).view().room().id();
    }

    private static void say(Chat chat, RoomId room, Player who, int number, String text) {
        Draft draft = Draft.text(text).with(new ClientId("demo-" + number));
        chat.sendMessage().send(who.actor(), room, draft).join();
    }

    private static Player player(String id, String username, String firstName, Role role) {
        return new Player(new Person(new UserId(id), username, firstName), role);
    }
}
