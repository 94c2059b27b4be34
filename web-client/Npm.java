import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Lets npm build or test the widget, from Maven: {@code java Npm.java build <module> <target>},
 * {@code java Npm.java test <module>}.
 *
 * <p>A machine without npm, or with a Node older than 20, gets one line, and the build goes on
 * without the widget.
 */
final class Npm {
    private static final int OLDEST_NODE = 20;

    private Npm() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        Path module = Path.of(args[1]);
        Optional<String> npm = found();
        if (npm.isEmpty() || !nodeIsNewEnough()) {
            if (args[0].equals("build")) {
                System.out.println(
                        "web-client: no npm with Node "
                                + OLDEST_NODE
                                + " or newer on the PATH: building without the widget.");
            }
            return;
        }
        if (args[0].equals("test")) {
            run(module, npm.get(), "test", "--silent");
            return;
        }
        Path installed = module.resolve("node_modules/.package-lock.json");
        if (!isNewer(installed, List.of(module.resolve("package-lock.json")))) {
            run(module, npm.get(), "ci", "--ignore-scripts", "--prefer-offline", "--loglevel=error");
        }
        Path dist = module.resolve("dist");
        if (!isNewer(dist.resolve("chat.js.br"), sources(module))) {
            run(module, npm.get(), "run", "--silent", "build");
        }
        copy(dist, Path.of(args[2]));
    }

    private static Optional<String> found() {
        boolean windows = System.getProperty("os.name").startsWith("Windows");
        String name = windows ? "npm.cmd" : "npm";
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }

    private static boolean nodeIsNewEnough() throws InterruptedException {
        try {
            Process node = new ProcessBuilder("node", "--version").start();
            String version = new String(node.getInputStream().readAllBytes()).strip();
            node.waitFor();
            return version.matches("v\\d+\\..*")
                    && Integer.parseInt(version.substring(1, version.indexOf('.'))) >= OLDEST_NODE;
        } catch (IOException e) {
            return false;
        }
    }

    private static List<Path> sources(Path module) throws IOException {
        List<Path> sources = new ArrayList<>();
        for (String name : List.of("package-lock.json", "tsconfig.json", "build.mjs")) {
            sources.add(module.resolve(name));
        }
        try (Stream<Path> files = Files.walk(module.resolve("src"))) {
            files.forEach(sources::add);
        }
        return sources;
    }

    private static boolean isNewer(Path made, List<Path> from) throws IOException {
        if (!Files.exists(made)) {
            return false;
        }
        FileTime time = Files.getLastModifiedTime(made);
        for (Path source : from) {
            if (Files.getLastModifiedTime(source).compareTo(time) > 0) {
                return false;
            }
        }
        return true;
    }

    private static void run(Path module, String... command)
            throws IOException, InterruptedException {
        int code = new ProcessBuilder(command).directory(module.toFile()).inheritIO().start().waitFor();
        if (code != 0) {
            System.err.println("web-client: " + String.join(" ", command) + " failed.");
            System.exit(code);
        }
    }

    /** The modules, what is compressed ahead, and the types. */
    private static void copy(Path dist, Path target) throws IOException {
        Files.createDirectories(target);
        // Those of another build have another name.
        try (DirectoryStream<Path> before = Files.newDirectoryStream(target, "chat-rooms-*")) {
            for (Path file : before) {
                Files.delete(file);
            }
        }
        try (Stream<Path> files = Files.walk(dist)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path to = target.resolve(dist.relativize(file));
                Files.createDirectories(to.getParent());
                Files.copy(file, to, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
