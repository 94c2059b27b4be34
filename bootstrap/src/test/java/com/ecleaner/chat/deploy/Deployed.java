package com.ecleaner.chat.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What lies in {@code deploy/}, read as the programs it is for would read it. */
final class Deployed {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** {@code ${NAME}}, {@code ${NAME:-otherwise}}, {@code ${NAME:?fault}}. */
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z_]+)(?::([-?])([^}]*))?}");

    private Deployed() {}

    /** The folder, wherever the tests are started. */
    static Path folder() {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(here.resolve("deploy/kubernetes"))) {
            here = here.getParent();
        }
        return here.resolve("deploy");
    }

    static String text(String name) {
        try {
            return Files.readString(folder().resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With anchors and merge keys resolved; a key that is there twice is a fault. */
    static JsonNode yaml(String text) {
        LoaderOptions strict = new LoaderOptions();
        strict.setAllowDuplicateKeys(false);
        return JSON.valueToTree(new Yaml(new SafeConstructor(strict)).load(text));
    }

    /**
     * Puts the variables in, as Compose does.
     *
     * @throws IllegalStateException where one that must be set is not
     */
    static String interpolate(String text, Map<String, String> variables) {
        Function<MatchResult, String> value =
                match -> {
                    String set = variables.getOrDefault(match.group(1), "");
                    if (set.isEmpty() && "?".equals(match.group(2))) {
                        throw new IllegalStateException(match.group(1) + ": " + match.group(3));
                    }
                    boolean otherwise = set.isEmpty() && "-".equals(match.group(2));
                    return Matcher.quoteReplacement(otherwise ? match.group(3) : set);
                };
        return VARIABLE.matcher(text).replaceAll(value);
    }
}
