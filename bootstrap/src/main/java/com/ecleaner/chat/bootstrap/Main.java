package com.ecleaner.chat.bootstrap;

import com.ecleaner.chat.bootstrap.settings.Settings;
import com.ecleaner.chat.bootstrap.settings.SettingsException;
import com.ecleaner.chat.bootstrap.signin.TokenIssuer;
import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.UserId;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The command line. Exit codes: 0 well, 1 something outside keeps the chat from working, 2 a wrong
 * setting or command.
 */
@Command(
        name = "chat",
        description = "Chat for a marketplace: rooms around jobs, live and durable.",
        synopsisSubcommandLabel = "COMMAND",
        sortOptions = false)
public final class Main implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(Main.class);

    private final Map<String, String> environment;
    private final InstantSource clock;

    @Spec private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Shows how to use it.")
    @SuppressWarnings("UnusedVariable") // picocli shows the help where it is set
    private boolean help;

    Main(Map<String, String> environment, InstantSource clock) {
        this.environment = environment;
        this.clock = clock;
        this.spec = CommandSpec.create();
    }

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] args) {
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        System.exit(commandLine(System.getenv(), InstantSource.system()).execute(args));
    }

    static CommandLine commandLine(Map<String, String> environment, InstantSource clock) {
        return new CommandLine(new Main(environment, clock))
                .setExecutionExceptionHandler(
                        (fault, command, parsed) -> told(fault, command.getErr()));
    }

    /**
     * A fault the operator can do something about is one line; anything else is ours, and logged.
     */
    private static int told(Exception fault, PrintWriter err) {
        switch (fault) {
            case SettingsException wrong -> err.println(wrong.getMessage());
            case CannotStart outside -> {
                err.println(outside.getMessage());
                return ExitCode.SOFTWARE;
            }
            default -> {
                log.error("this should not have happened", fault);
                return ExitCode.SOFTWARE;
            }
        }
        return ExitCode.USAGE;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which command?");
    }

    @Command(
            description =
                    "Runs it with demo people and jobs, and prints an address to open for each.")
    int demo() {
        Settings settings = Settings.from(environment);
        Lifetime.run(
                () -> {
                    Demo demo = Demo.start(settings, clock);
                    demo.addresses().forEach(out()::println);
                    out().flush();
                    return demo;
                });
        return ExitCode.OK;
    }

    @Command(description = "Runs the server.")
    int serve() {
        Settings settings = Settings.from(environment);
        Lifetime.run(
                () -> {
                    Server server = Server.start(settings, clock);
                    out().println("E-Cleaner Chat answers at " + server.address());
                    out().flush();
                    return server;
                });
        return ExitCode.OK;
    }

    @Command(description = "Brings the database's schema up to date.")
    int migrate() {
        try (Store store = Store.open(Settings.from(environment))) {
            out().println(
                            store.migrations() == 0
                                    ? "the schema is up to date"
                                    : "the schema is up to date now, migrations: "
                                            + store.migrations());
        }
        return ExitCode.OK;
    }

    @Command(description = "Says what of the configuration and its services works.")
    int check() {
        return new Check(environment, out()).run() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    @Command(description = "Signs a token with the configured secret and prints it.")
    int token(
            @Option(
                            names = "--sub",
                            required = true,
                            paramLabel = "ID",
                            description = "the user's id")
                    String subject,
            @Option(
                            names = "--role",
                            defaultValue = "client",
                            paramLabel = "ROLE",
                            description = "client, cleaner, admin or service (${DEFAULT-VALUE})")
                    String role,
            @Option(names = "--username", defaultValue = "", paramLabel = "NAME") String username,
            @Option(names = "--first-name", defaultValue = "", paramLabel = "NAME")
                    String firstName,
            @Option(
                            names = "--expires-in",
                            defaultValue = "1h",
                            paramLabel = "TIME",
                            description = "like 30s, 15m, 12h or 7d (${DEFAULT-VALUE})")
                    String lifetime) {
        TokenIssuer issuer = TokenIssuer.of(Settings.from(environment), clock);
        Person person = new Person(user(subject), username, firstName);
        out().println(issuer.issue(person, role(role), duration(lifetime)));
        return ExitCode.OK;
    }

    private static UserId user(String id) {
        try {
            return new UserId(id);
        } catch (Refusal wrong) {
            throw SettingsException.of("--sub", "must be 1-64 characters without controls");
        }
    }

    private static Role role(String name) {
        return Role.named(name)
                .orElseThrow(
                        () ->
                                SettingsException.of(
                                        "--role",
                                        "must be one of "
                                                + Arrays.stream(Role.values())
                                                        .map(Role::wireName)
                                                        .collect(Collectors.joining(", "))));
    }

    private static final Pattern DURATION = Pattern.compile("([1-9][0-9]{0,5})([smhd])");

    private static Duration duration(String text) {
        Matcher parts = DURATION.matcher(text);
        if (!parts.matches()) {
            throw SettingsException.of("--expires-in", "must be like 30s, 15m, 12h or 7d");
        }
        long number = Long.parseLong(parts.group(1));
        return switch (parts.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
