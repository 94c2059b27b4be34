import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.JavaFormatterOptions;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks or applies google-java-format (AOSP style) to every Java source below a folder.
 *
 * <p>The build starts it on the JDK that also compiles: the formatter parses with the parser of the
 * JDK it runs on, and a Maven on 17 cannot read record patterns. Files not touched since the last
 * successful check are not read again.
 */
final class Format {

    private static final Formatter FORMATTER =
            new Formatter(
                    JavaFormatterOptions.builder().style(JavaFormatterOptions.Style.AOSP).build());

    private Format() {}

    /** Arguments: {@code check} or {@code apply}, the folder, the file that remembers a check. */
    public static void main(String[] args) throws Exception {
        var apply =
                switch (args[0]) {
                    case "apply" -> true;
                    case "check" -> false;
                    default -> throw new IllegalArgumentException("check or apply: " + args[0]);
                };
        var root = Path.of(args[1]);
        var stamp = Path.of(args[2]);
        var started = FileTime.fromMillis(System.currentTimeMillis());
        var checked =
                !apply && Files.exists(stamp)
                        ? Files.getLastModifiedTime(stamp)
                        : FileTime.fromMillis(0);
        var faults = new ArrayList<Path>();
        for (Path file : sources(root)) {
            if (Files.getLastModifiedTime(file).compareTo(checked) < 0) {
                continue;
            }
            var source = Files.readString(file);
            var formatted = FORMATTER.formatSourceAndFixImports(source);
            if (source.equals(formatted)) {
                continue;
            }
            if (apply) {
                Files.writeString(file, formatted);
                System.out.println("formatted " + root.relativize(file));
            } else {
                faults.add(root.relativize(file));
            }
        }
        if (!faults.isEmpty()) {
            faults.forEach(file -> System.err.println("not formatted: " + file));
            System.err.println("Run ./format and look at what it changed.");
            System.exit(1);
        }
        Files.createDirectories(stamp.getParent());
        Files.writeString(stamp, "");
        Files.setLastModifiedTime(stamp, started);
    }

    private static List<Path> sources(Path root) throws Exception {
        var found = new ArrayList<Path>();
        try (var modules = Files.newDirectoryStream(root, Files::isDirectory)) {
            for (Path module : modules) {
                var src =
                        module.getFileName().toString().equals("tools")
                                ? module
                                : module.resolve("src");
                if (Files.isDirectory(src)) {
                    try (var files = Files.walk(src)) {
                        files.filter(f -> f.toString().endsWith(".java")).forEach(found::add);
                    }
                }
            }
        }
        return found;
    }
}
