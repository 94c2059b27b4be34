package com.ecleaner.chat.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.ecleaner.chat.bootstrap.settings.Settings;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

class ComposeTest {
    private static final Map<String, String> VARIABLES =
            Map.of(
                    "POSTGRES_PASSWORD", "p0stgr3s",
                    "REDIS_PASSWORD", "r3d1s",
                    "CHAT_JWT_SECRET", "a secret of at least thirty-two bytes",
                    "CHAT_ALLOWED_ORIGINS", "https://www.example.com");

    private final JsonNode file =
            Deployed.yaml(Deployed.interpolate(Deployed.text("compose.yaml"), VARIABLES));

    @Test
    void it_is_valid_by_the_compose_specification() throws IOException {
        assertThat(schema().validate(file)).isEmpty();
    }

    @Test
    void the_schema_finds_a_key_that_nobody_knows() throws IOException {
        JsonNode wrong = file.deepCopy();
        ((ObjectNode) wrong.at("/services/node1")).put("helthcheck", true);

        assertThat(schema().validate(wrong)).isNotEmpty();
    }

    @Test
    void it_does_not_start_without_passwords() {
        for (String name : List.of("POSTGRES_PASSWORD", "REDIS_PASSWORD", "CHAT_JWT_SECRET")) {
            Map<String, String> without = new TreeMap<>(VARIABLES);
            without.remove(name);
            assertThatThrownBy(() -> Deployed.interpolate(Deployed.text("compose.yaml"), without))
                    .hasMessageContaining(name);
        }
    }

    @Test
    void every_variable_is_in_the_example_of_an_environment() {
        String example = Deployed.text("env.example");

        for (String name : VARIABLES.keySet()) {
            assertThat(example).containsPattern("(?m)^" + name + "=");
        }
    }

    @Test
    void a_node_takes_its_settings() {
        Settings settings = Settings.from(environment("node1"));

        assertThat(environment("node2")).isEqualTo(environment("node1"));
        assertThat(settings.host()).isEqualTo("0.0.0.0");
        assertThat(settings.database()).isPresent();
        assertThat(settings.redis()).isPresent();
        assertThat(settings.requiredKeys()).isNotNull();
    }

    @Test
    void every_service_is_locked_down_and_comes_back() {
        services()
                .forEach(
                        (name, service) -> {
                            assertThat(service.path("read_only").asBoolean()).as(name).isTrue();
                            assertThat(service.path("cap_drop").path(0).asText())
                                    .as(name)
                                    .isEqualTo("ALL");
                            assertThat(service.path("security_opt").path(0).asText())
                                    .as(name)
                                    .isEqualTo("no-new-privileges:true");
                            assertThat(service.path("user").asText())
                                    .as(name)
                                    .isNotEmpty()
                                    .doesNotStartWith("0")
                                    .doesNotStartWith("root");
                            assertThat(service.path("restart").asText()).as(name).isNotEmpty();
                            assertThat(service.path("image").asText())
                                    .as(name + " names a version")
                                    .matches(".+:.+")
                                    .doesNotEndWith(":latest");
                        });
    }

    @Test
    void every_service_but_the_migration_says_how_it_is() {
        services()
                .forEach(
                        (name, service) ->
                                assertThat(service.has("healthcheck"))
                                        .as(name)
                                        .isEqualTo(!name.equals("migrate")));
    }

    @Test
    void nodes_start_after_the_migration() {
        assertThat(file.at("/services/node1/depends_on/migrate/condition").asText())
                .isEqualTo("service_completed_successfully");
        assertThat(file.at("/services/migrate/command/0").asText()).isEqualTo("migrate");
    }

    @Test
    void only_nginx_is_reached_from_outside_and_by_default_from_this_machine_alone() {
        services()
                .forEach(
                        (name, service) ->
                                assertThat(service.has("ports"))
                                        .as(name)
                                        .isEqualTo(name.equals("nginx")));
        assertThat(file.at("/services/nginx/ports/0").asText()).isEqualTo("127.0.0.1:8080:8080");
        assertThat(file.at("/networks/back/internal").asBoolean()).isTrue();
        assertThat(file.at("/services/nginx/networks").toString()).isEqualTo("[\"front\"]");
    }

    private Map<String, JsonNode> services() {
        Map<String, JsonNode> services = new TreeMap<>();
        file.path("services").properties().forEach(e -> services.put(e.getKey(), e.getValue()));
        assertThat(services.keySet())
                .containsExactly("migrate", "nginx", "node1", "node2", "postgres", "redis");
        return services;
    }

    private Map<String, String> environment(String service) {
        Map<String, String> environment = new TreeMap<>();
        file.at("/services/" + service + "/environment")
                .properties()
                .forEach(e -> environment.put(e.getKey(), e.getValue().asText()));
        return environment;
    }

    private static Schema schema() throws IOException {
        try (InputStream schema =
                ComposeTest.class.getResourceAsStream("/schemas/compose-spec.json")) {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2019_09)
                    .getSchema(schema, InputFormat.JSON);
        }
    }
}
