package com.ecleaner.chat.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.Predefined;
import com.tngtech.archunit.lang.ArchRule;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.stream.Stream;

/** Holds the modules to {@link ArchitectureRules}. */
class ArchitectureTest {

    private static final String ROOT = "com.ecleaner.chat";

    private static final JavaClasses CHAT =
            new ClassFileImporter()
                    .withImportOption(Predefined.DO_NOT_INCLUDE_TESTS)
                    .withImportOption(location -> !location.contains("-tests.jar"))
                    .importPackages(ROOT);

    static Stream<Arguments> rules() {
        return ArchitectureRules.below(ROOT).entrySet().stream()
                .map(rule -> Arguments.of(rule.getKey(), rule.getValue()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void the_chat_keeps_the_rule(String name, ArchRule rule) {
        rule.allowEmptyShould(true).check(CHAT);
    }

    @Test
    void the_classes_looked_at_are_those_of_every_module() {
        assertThat(CHAT)
                .extracting(type -> type.getPackageName())
                .contains(
                        ROOT + ".domain",
                        ROOT + ".application",
                        ROOT + ".persistence",
                        ROOT + ".websocket",
                        ROOT + ".rest",
                        ROOT + ".redis",
                        ROOT + ".bootstrap")
                .noneMatch(name -> name.contains("archfixture"));
    }
}
