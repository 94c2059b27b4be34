package com.ecleaner.chat.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import com.ecleaner.chat.archfixture.application.AsksTheSystemForTime;
import com.ecleaner.chat.archfixture.application.KnowsAnAdapter;
import com.ecleaner.chat.archfixture.application.KnowsJackson;
import com.ecleaner.chat.archfixture.domain.AsksTheClock;
import com.ecleaner.chat.archfixture.domain.KnowsALibrary;
import com.ecleaner.chat.archfixture.domain.KnowsJakarta;
import com.ecleaner.chat.archfixture.domain.KnowsTheApplication;
import com.ecleaner.chat.archfixture.domain.Room;
import com.ecleaner.chat.archfixture.persistence.KnowsRest;
import com.ecleaner.chat.archfixture.persistence.Logs;
import com.ecleaner.chat.archfixture.redis.KnowsPersistence;
import com.ecleaner.chat.archfixture.redis.Prints;
import com.ecleaner.chat.archfixture.rest.InjectsAField;
import com.ecleaner.chat.archfixture.rest.KnowsBootstrap;
import com.ecleaner.chat.archfixture.rest.KnowsWebSocket;
import com.ecleaner.chat.archfixture.websocket.KnowsRedis;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** A rule that cannot fail holds nothing: each one is shown the classes that break it. */
class ArchitectureRulesCanFailTest {

    private static final String ROOT = "com.ecleaner.chat.archfixture";

    private static final JavaClasses FIXTURES = new ClassFileImporter().importPackages(ROOT);

    private static final Map<String, Set<Class<?>>> BROKEN_BY =
            Map.ofEntries(
                    Map.entry(
                            "the domain knows the JDK alone",
                            Set.of(
                                    KnowsALibrary.class,
                                    KnowsJakarta.class,
                                    KnowsTheApplication.class)),
                    Map.entry(
                            "the application knows the domain alone",
                            Set.of(KnowsAnAdapter.class, KnowsJackson.class)),
                    Map.entry(
                            "no framework in domain and application",
                            Set.of(KnowsJakarta.class, KnowsJackson.class)),
                    Map.entry("persistence knows no other adapter", Set.of(KnowsRest.class)),
                    Map.entry("websocket knows no other adapter", Set.of(KnowsRedis.class)),
                    Map.entry("rest knows no other adapter", Set.of(KnowsWebSocket.class)),
                    Map.entry("redis knows no other adapter", Set.of(KnowsPersistence.class)),
                    Map.entry("only bootstrap knows bootstrap", Set.of(KnowsBootstrap.class)),
                    Map.entry(
                            "no package cycles",
                            Set.of(
                                    KnowsRest.class,
                                    KnowsWebSocket.class,
                                    KnowsRedis.class,
                                    KnowsPersistence.class)),
                    Map.entry("no java.util.logging", Set.of(Logs.class)),
                    Map.entry("no standard streams", Set.of(Prints.class)),
                    Map.entry("no field injection", Set.of(InjectsAField.class)),
                    Map.entry(
                            "time comes from an InstantSource",
                            Set.of(AsksTheClock.class, AsksTheSystemForTime.class)));

    static Stream<Arguments> rules() {
        return BROKEN_BY.entrySet().stream()
                .map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void a_wrong_dependency_breaks_the_rule(String name, Set<Class<?>> culprits) {
        assertThat(failuresOf(name))
                .noneMatch(line -> line.matches("\\w+ <" + Room.class.getName() + "[.>].*"))
                .satisfies(
                        failures -> {
                            for (Class<?> culprit : culprits) {
                                assertThat(failures)
                                        .anyMatch(line -> line.contains(culprit.getName()));
                            }
                        });
    }

    @Test
    void no_rule_is_without_such_a_proof() {
        assertThat(ArchitectureRules.below(ROOT)).containsOnlyKeys(BROKEN_BY.keySet());
    }

    private static List<String> failuresOf(String name) {
        var rule = ArchitectureRules.below(ROOT).get(name);
        assertThat(rule).as(name).isNotNull();
        return rule.evaluate(FIXTURES).getFailureReport().getDetails();
    }
}
