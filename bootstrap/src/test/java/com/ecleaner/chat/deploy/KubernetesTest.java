package com.ecleaner.chat.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.ecleaner.chat.bootstrap.settings.Settings;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Ingress;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PersistentVolumeClaim;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Secret;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** By the models of Kubernetes' own Java client, which are made from its API's description. */
class KubernetesTest {
    /** What a server says of itself: see its close method. */
    private static final int LONGEST_DRAIN_SECONDS = 20;

    /**
     * Refuses fields the kind does not have, the lack of one it must have, and values of other
     * types.
     */
    private interface Model {
        Object read(String json) throws IOException;
    }

    private static final Map<String, Model> MODELS =
            Map.ofEntries(
                    Map.entry("v1/Namespace", V1Namespace::fromJson),
                    Map.entry("v1/ConfigMap", V1ConfigMap::fromJson),
                    Map.entry("v1/Secret", V1Secret::fromJson),
                    Map.entry("v1/Service", V1Service::fromJson),
                    Map.entry("v1/ServiceAccount", V1ServiceAccount::fromJson),
                    Map.entry("v1/PersistentVolumeClaim", V1PersistentVolumeClaim::fromJson),
                    Map.entry("apps/v1/Deployment", V1Deployment::fromJson),
                    Map.entry("networking.k8s.io/v1/Ingress", V1Ingress::fromJson),
                    Map.entry("networking.k8s.io/v1/NetworkPolicy", V1NetworkPolicy::fromJson),
                    Map.entry("policy/v1/PodDisruptionBudget", V1PodDisruptionBudget::fromJson),
                    Map.entry(
                            "autoscaling/v2/HorizontalPodAutoscaler",
                            V2HorizontalPodAutoscaler::fromJson));

    private final Map<String, JsonNode> objects = read();

    @Test
    void there_is_one_of_each_kind_and_all_are_valid() throws IOException {
        assertThat(objects.keySet()).isEqualTo(new TreeMap<>(MODELS).keySet());
        for (JsonNode object : objects.values()) {
            validate(object);
        }
    }

    @Test
    void a_field_nobody_knows_is_found_however_deep() {
        JsonNode wrong = deployment().deepCopy();
        ((ObjectNode) wrong.at("/spec/template/spec/containers/0/readinessProbe/httpGet"))
                .put("paht", "/health/ready");

        assertThatThrownBy(() -> validate(wrong)).hasMessageContaining("paht");
    }

    @Test
    void a_lack_of_what_must_be_there_is_found() {
        JsonNode wrong = deployment().deepCopy();
        ((ObjectNode) wrong.path("spec")).remove("selector");

        assertThatThrownBy(() -> validate(wrong)).hasMessageContaining("selector");
    }

    @Test
    void a_value_of_the_wrong_type_is_found() {
        JsonNode wrong = deployment().deepCopy();
        ((ObjectNode) wrong.path("spec")).put("replicas", "a few");

        assertThatThrownBy(() -> validate(wrong)).hasMessageContaining("a few");
    }

    @Test
    void everything_lives_in_the_one_namespace() {
        objects.forEach(
                (kind, object) ->
                        assertThat(
                                        object.at("/metadata/namespace")
                                                .asText(object.at("/metadata/name").asText()))
                                .as(kind)
                                .isEqualTo("e-cleaner-chat"));
    }

    @Test
    void selectors_find_the_nodes() {
        String labels = deployment().at("/spec/template/metadata/labels").toString();

        for (String selector :
                new String[] {
                    deployment().at("/spec/selector/matchLabels").toString(),
                    objects.get("v1/Service").at("/spec/selector").toString(),
                    objects.get("policy/v1/PodDisruptionBudget")
                            .at("/spec/selector/matchLabels")
                            .toString(),
                    objects.get("networking.k8s.io/v1/NetworkPolicy")
                            .at("/spec/podSelector/matchLabels")
                            .toString()
                }) {
            assertThat(selector).startsWith("{\"app");
            assertThat(labels).contains(selector.substring(1, selector.length() - 1));
        }
        assertThat(
                        objects.get("autoscaling/v2/HorizontalPodAutoscaler")
                                .at("/spec/scaleTargetRef/name"))
                .isEqualTo(deployment().at("/metadata/name"));
    }

    @Test
    void a_node_takes_its_settings() {
        Map<String, String> environment = new TreeMap<>();
        for (JsonNode source :
                new JsonNode[] {
                    objects.get("v1/ConfigMap").path("data"),
                    objects.get("v1/Secret").path("stringData")
                }) {
            source.properties().forEach(e -> environment.put(e.getKey(), e.getValue().asText()));
        }

        Settings settings = Settings.from(environment);

        assertThat(settings.database()).isPresent();
        assertThat(settings.redis()).isPresent();
        assertThat(settings.requiredKeys()).isNotNull();
        assertThat(settings.port()).isEqualTo(container().at("/ports/0/containerPort").intValue());
    }

    @Test
    void a_node_is_locked_down() {
        for (String pointer : new String[] {"/containers/0", "/initContainers/0"}) {
            JsonNode context =
                    deployment().at("/spec/template/spec" + pointer + "/securityContext");
            assertThat(context.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
            assertThat(context.path("readOnlyRootFilesystem").asBoolean()).isTrue();
            assertThat(context.at("/capabilities/drop/0").asText()).isEqualTo("ALL");
        }
        JsonNode pod = deployment().at("/spec/template/spec");
        assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
        assertThat(pod.at("/securityContext/seccompProfile/type").asText())
                .isEqualTo("RuntimeDefault");
        assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
    }

    @Test
    void at_least_two_nodes_are_there_and_one_goes_at_a_time() {
        assertThat(deployment().at("/spec/replicas").intValue()).isGreaterThanOrEqualTo(2);
        assertThat(deployment().at("/spec/strategy/rollingUpdate/maxUnavailable").asInt(-1))
                .isZero();
        assertThat(
                        objects.get("autoscaling/v2/HorizontalPodAutoscaler")
                                .at("/spec/minReplicas")
                                .intValue())
                .isGreaterThanOrEqualTo(2);
        assertThat(
                        objects.get("policy/v1/PodDisruptionBudget")
                                .at("/spec/maxUnavailable")
                                .intValue())
                .isEqualTo(1);
    }

    @Test
    void a_node_gets_the_time_it_needs_to_go() {
        int pause = container().at("/lifecycle/preStop/sleep/seconds").asInt();

        assertThat(pause).isPositive();
        assertThat(deployment().at("/spec/template/spec/terminationGracePeriodSeconds").asInt())
                .isGreaterThan(pause + LONGEST_DRAIN_SECONDS);
    }

    @Test
    void what_operators_ask_is_not_shown_to_the_world() {
        for (JsonNode path :
                objects.get("networking.k8s.io/v1/Ingress").at("/spec/rules/0/http/paths")) {
            assertThat(path.path("path").asText()).isIn("/ws", "/chat", "/widget", "/platform");
        }
    }

    private JsonNode deployment() {
        return objects.get("apps/v1/Deployment");
    }

    private JsonNode container() {
        return deployment().at("/spec/template/spec/containers/0");
    }

    private static void validate(JsonNode object) throws IOException {
        assertThat(MODELS.get(kind(object)).read(object.toString())).isNotNull();
    }

    private static String kind(JsonNode object) {
        return object.path("apiVersion").asText() + "/" + object.path("kind").asText();
    }

    private static Map<String, JsonNode> read() {
        Map<String, JsonNode> objects = new TreeMap<>();
        try (Stream<Path> files = Files.list(Deployed.folder().resolve("kubernetes"))) {
            for (Path file : files.toList()) {
                JsonNode object = Deployed.yaml(Files.readString(file));
                assertThat(objects.put(kind(object), object)).as(kind(object)).isNull();
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return objects;
    }
}
