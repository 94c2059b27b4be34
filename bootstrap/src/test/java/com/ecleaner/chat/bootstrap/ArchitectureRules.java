package com.ecleaner.chat.bootstrap;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.lang.ArchRule;

import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What may depend on what, below a root package, by the name under which a rule is reported.
 *
 * <p>The root is a parameter so that the same rules run on the chat itself and on fixtures that
 * break them.
 */
final class ArchitectureRules {

    private static final List<String> ADAPTERS =
            List.of("persistence", "websocket", "rest", "redis");

    private static final String[] FRAMEWORKS = {
        "jakarta..", "org.glassfish..", "org.hibernate..", "org.redisson..", "com.fasterxml.."
    };

    private final String root;

    private ArchitectureRules(String root) {
        this.root = root;
    }

    static Map<String, ArchRule> below(String root) {
        return new ArchitectureRules(root).all();
    }

    private Map<String, ArchRule> all() {
        var rules = new LinkedHashMap<String, ArchRule>();
        rules.put("the domain knows the JDK alone", domainKnowsTheJdkAlone());
        rules.put("the application knows the domain alone", applicationKnowsTheDomainAlone());
        rules.put("no framework in domain and application", noFrameworkInside());
        for (String adapter : ADAPTERS) {
            rules.put(adapter + " knows no other adapter", knowsNoOtherAdapter(adapter));
        }
        rules.put("only bootstrap knows bootstrap", onlyBootstrapKnowsBootstrap());
        rules.put("no package cycles", noCycles());
        rules.put("no java.util.logging", noJavaUtilLogging());
        rules.put("no standard streams", noStandardStreams());
        rules.put("no field injection", noFieldInjection());
        rules.put("time comes from an InstantSource", timeComesIn());
        return rules;
    }

    private ArchRule domainKnowsTheJdkAlone() {
        return classes()
                .that()
                .resideInAPackage(in("domain"))
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage("java..", in("domain")));
    }

    /** JSpecify's annotations are no framework: nothing of them is there at run time. */
    private ArchRule applicationKnowsTheDomainAlone() {
        return classes()
                .that()
                .resideInAPackage(in("application"))
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage(
                                "java..", "org.jspecify..", in("domain"), in("application")));
    }

    private ArchRule noFrameworkInside() {
        return noClasses()
                .that()
                .resideInAnyPackage(in("domain"), in("application"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(FRAMEWORKS);
    }

    private ArchRule knowsNoOtherAdapter(String adapter) {
        var others =
                ADAPTERS.stream()
                        .filter(other -> !other.equals(adapter))
                        .map(this::in)
                        .toArray(String[]::new);
        return noClasses()
                .that()
                .resideInAPackage(in(adapter))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others);
    }

    private ArchRule onlyBootstrapKnowsBootstrap() {
        return noClasses()
                .that(resideInAnyPackage(root + "..").and(resideOutsideOfPackages(in("bootstrap"))))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(in("bootstrap"));
    }

    private ArchRule noCycles() {
        return slices().matching(root + ".(**)").should().beFreeOfCycles();
    }

    private ArchRule noJavaUtilLogging() {
        return noClasses().should().dependOnClassesThat().resideInAPackage("java.util.logging..");
    }

    /** Only the command line prints, and it lives in bootstrap. */
    private ArchRule noStandardStreams() {
        return noClasses()
                .that()
                .resideOutsideOfPackage(in("bootstrap"))
                .should(ACCESS_STANDARD_STREAMS);
    }

    private ArchRule noFieldInjection() {
        return noFields()
                .should()
                .beAnnotatedWith("jakarta.inject.Inject")
                .orShould()
                .beAnnotatedWith("jakarta.annotation.Resource")
                .orShould()
                .beAnnotatedWith("jakarta.persistence.PersistenceContext")
                .orShould()
                .beAnnotatedWith("jakarta.ws.rs.core.Context")
                .orShould()
                .beAnnotatedWith("org.springframework.beans.factory.annotation.Autowired");
    }

    private ArchRule timeComesIn() {
        return noClasses()
                .that()
                .resideInAnyPackage(in("domain"), in("application"))
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Clock.class, "systemUTC")
                .orShould()
                .callMethod(InstantSource.class, "system");
    }

    private String in(String part) {
        return root + "." + part + "..";
    }
}
