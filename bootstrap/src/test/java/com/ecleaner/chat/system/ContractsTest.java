package com.ecleaner.chat.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.rest.RestApi;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;

import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The two documents of the contract: well formed, complete, and true of what really comes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ContractsTest {
    private RunningChat chat;
    private JsonNode openapi;
    private JsonNode asyncapi;
    private long room;
    private String anna;
    private String john;
    private String eve;

    @BeforeAll
    void start(@TempDir java.nio.file.Path folder) {
        chat = RunningChat.in(folder, Map.of());
        openapi = chat.platform().get("/openapi.json", "nobody").body();
        asyncapi = chat.platform().get("/asyncapi.json", "nobody").body();
        room = chat.platform().book("5", "25", "26");
        anna = chat.platform().token("25", Role.CLIENT);
        john = chat.platform().token("26", Role.CLEANER);
        eve = chat.platform().token("9", Role.ADMIN);
    }

    @AfterAll
    void stop() {
        chat.close();
    }

    @Test
    void the_rest_document_is_valid_by_openapis_schema() throws IOException {
        Schema schema = schema("openapi-3.1", SpecificationVersion.DRAFT_2020_12);
        JsonNode wrong = openapi.deepCopy();
        ((ObjectNode) wrong.path("info")).remove("title");

        assertThat(schema.validate(openapi)).isEmpty();
        assertThat(schema.validate(wrong)).isNotEmpty();
    }

    @Test
    void the_socket_document_is_valid_by_asyncapis_schema() throws IOException {
        Schema schema = schema("asyncapi-3.0", SpecificationVersion.DRAFT_7);
        JsonNode wrong = asyncapi.deepCopy();
        ((ObjectNode) wrong.at("/operations/tell")).put("action", "shout");

        assertThat(schema.validate(asyncapi)).isEmpty();
        assertThat(schema.validate(wrong)).isNotEmpty();
    }

    @Test
    void every_reference_in_a_document_leads_somewhere() {
        for (JsonNode document : new JsonNode[] {openapi, asyncapi}) {
            for (JsonNode reference : document.findValues("$ref")) {
                String pointer = reference.asText().substring(1);
                assertThat(document.at(pointer).isMissingNode()).as(pointer).isFalse();
            }
        }
    }

    @Test
    void the_rest_document_names_every_resource_there_is() throws Exception {
        Set<String> documented = new TreeSet<>();
        openapi.path("paths")
                .properties()
                .forEach(
                        path ->
                                path.getValue()
                                        .fieldNames()
                                        .forEachRemaining(
                                                method ->
                                                        documented.add(
                                                                bare(method, path.getKey()))));

        assertThat(documented).isEqualTo(resources());
    }

    @Test
    void the_socket_document_names_every_frame_there_is() throws IOException {
        Set<String> documented = new TreeSet<>();
        asyncapi.at("/components/messages").fieldNames().forEachRemaining(documented::add);
        Set<String> known = new TreeSet<>();
        String connection = source("ChatConnection");
        found("case \"([a-z_]+)\"", connection, "client.", known);
        found("answer\\(\"([a-z_]+)\"", connection, "server.", known);
        found("out\\.value\\(\"([a-z_]+)\"", source("Frames"), "server.", known);

        assertThat(known).contains("client.sync", "server.synced", "server.chat_message");
        assertThat(documented).isEqualTo(known);
    }

    @Test
    void what_a_conversation_brings_is_as_the_socket_document_says() throws Exception {
        TestSocket a = TestSocket.open(chat.port(), "/ws/?token=" + anna);
        heard(a, "welcome");
        // From the first answer on she hears who comes.
        say(a, "{'type':'ping'}");
        heard(a, "pong");
        TestSocket j = TestSocket.open(chat.port(), "/ws/?token=" + john);
        heard(j, "welcome");
        heard(a, "presence");
        say(a, "{'type':'typing','room':%d,'is_typing':true}");
        heard(j, "typing");
        say(a, "{'type':'message','room':%d,'message':'Hello','client_id':'c1'}");
        long id = heard(a, "chat_message").at("/message/id").asLong();
        heard(j, "chat_message");
        say(j, "{'type':'message','room':%d,'message':'Hi','reply_to':" + id + "}");
        heard(j, "chat_message");
        say(j, "{'type':'read','room':%d,'up_to_seq':1}");
        heard(j, "read");
        heard(a, "read");
        say(a, "{'type':'edit','room':%d,'message_id':" + id + ",'message':'Hello!'}");
        heard(a, "message_edited");
        say(a, "{'type':'delete','room':%d,'message_id':" + id + "}");
        heard(a, "message_deleted");
        say(a, "{'type':'history','room':%d,'id':'h'}");
        heard(a, "history");
        say(a, "{'type':'rooms','id':1}");
        heard(a, "rooms");
        say(a, "{'type':'room','room':%d,'id':true}");
        heard(a, "room");
        say(a, "{'type':'open_room','room_type':'general','name':'all of us'}");
        long general = heard(a, "room").at("/room/id").asLong();
        // Answered, and shown as to everybody who comes in: from then on she is told of what
        // follows.
        heard(a, "room");
        a.send("{\"type\":\"leave_room\",\"room\":" + general + "}");
        heard(a, "room_left");
        say(a, "{'type':'sync','rooms':{'%d':0}}");
        heard(a, "synced");
        TestSocket e = TestSocket.open(chat.port(), "/ws/?token=" + eve);
        heard(e, "welcome");
        e.send("{\"type\":\"close_room\",\"id\":\"c\",\"room\":" + general + "}");
        assertThat(heard(e, "room").at("/room/is_active").asBoolean()).isFalse();
        e.send("{\"type\":\"rooms\",\"scope\":\"all\",\"is_active\":false}");
        assertThat(heard(e, "rooms").at("/results/0/id").asLong()).isEqualTo(general);
        e.send("{\"type\":\"reopen_room\",\"id\":\"o\",\"room\":" + general + "}");
        assertThat(heard(e, "room").at("/room/is_active").asBoolean()).isTrue();
        e.close();
        say(a, "{'type':'auth','token':'" + anna + "'}");
        heard(a, "authenticated");
        say(a, "{'type':'ping','id':7}");
        heard(a, "pong");
        say(a, "{'type':'message','room':%d,'message':''}");
        heard(a, "error");
        a.close();
        j.close();
    }

    @Test
    void what_requests_bring_is_as_the_rest_document_says() {
        ObjectNode draft = Platform.JSON.createObjectNode().put("message", "by REST");
        String at = "/chat/rooms/" + room;
        Platform.Answer sent = chat.platform().post(at + "/send_message/", anna, draft);
        answered("post", "/chat/rooms/{room}/send_message/", sent, 201);
        answered("get", "/chat/rooms/", chat.platform().get("/chat/rooms/", anna), 200);
        answered("get", "/chat/rooms/{room}/", chat.platform().get(at + "/", anna), 200);
        answered(
                "get",
                "/chat/rooms/{room}/messages/",
                chat.platform().get(at + "/messages/", john),
                200);
        answered("post", "/chat/tickets/", chat.platform().post("/chat/tickets/", anna, null), 200);
        Schema problem = part(openapi, "/components/schemas/Problem");
        assertThat(problem.validate(chat.platform().get("/chat/rooms/9999/", anna).body()))
                .isEmpty();
        assertThat(problem.validate(chat.platform().get("/chat/rooms/", "nobody").body()))
                .isEmpty();
    }

    @Test
    void an_answer_that_is_otherwise_is_found() {
        Schema schema = part(asyncapi, "/components/messages/server.gap/payload");

        assertThat(schema.validate(Platform.JSON.createObjectNode().put("type", "gap")))
                .isNotEmpty();
    }

    private void say(TestSocket socket, String frame) {
        socket.send(frame.replace("%d", Long.toString(room)).replace('\'', '"'));
    }

    /** The next frame of that type, which is as the document says. */
    private JsonNode heard(TestSocket socket, String type) throws InterruptedException {
        JsonNode frame = socket.await(type);
        assertThat(
                        part(asyncapi, "/components/messages/server." + type + "/payload")
                                .validate(frame))
                .as("%s", frame)
                .isEmpty();
        return frame;
    }

    private void answered(String method, String path, Platform.Answer answer, int status) {
        assertThat(answer.status()).as("%s %s", path, answer.body()).isEqualTo(status);
        String pointer =
                "/paths/"
                        + path.replace("/", "~1")
                        + "/"
                        + method
                        + "/responses/"
                        + status
                        + "/content/application~1json/schema";
        assertThat(part(openapi, pointer).validate(answer.body()))
                .as("%s", answer.body())
                .isEmpty();
    }

    /** A schema inside a document, whose references are the document's. */
    private static Schema part(JsonNode document, String pointer) {
        assertThat(document.at(pointer).isMissingNode()).as(pointer).isFalse();
        ObjectNode schema = Platform.JSON.createObjectNode();
        schema.setAll((ObjectNode) document.at(pointer).deepCopy());
        schema.set("components", document.path("components"));
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schema);
    }

    private static Schema schema(String name, SpecificationVersion version) throws IOException {
        try (InputStream schema =
                ContractsTest.class.getResourceAsStream("/schemas/" + name + ".json")) {
            return SchemaRegistry.withDefaultDialect(version).getSchema(schema, InputFormat.JSON);
        }
    }

    private static Set<String> resources() throws Exception {
        Set<String> resources = new TreeSet<>();
        for (Class<?> resource : resourceClasses()) {
            String root = resource.getAnnotation(Path.class).value();
            for (Method method : resource.getDeclaredMethods()) {
                for (Annotation annotation : method.getAnnotations()) {
                    HttpMethod verb = annotation.annotationType().getAnnotation(HttpMethod.class);
                    if (verb != null) {
                        Path own = method.getAnnotation(Path.class);
                        resources.add(
                                bare(verb.value(), root + "/" + (own == null ? "" : own.value())));
                    }
                }
            }
        }
        assertThat(resources).contains("GET /chat/rooms/{}");
        return resources;
    }

    /** All of the adapter, whether it lies in a folder or in a jar by now. */
    private static List<Class<?>> resourceClasses() throws Exception {
        String home = RestApi.class.getPackageName();
        java.nio.file.Path place =
                java.nio.file.Path.of(
                        RestApi.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        List<Class<?>> classes = new ArrayList<>();
        try (FileSystem jar = Files.isDirectory(place) ? null : FileSystems.newFileSystem(place);
                Stream<java.nio.file.Path> files =
                        Files.list(
                                (jar == null ? place : jar.getPath("/"))
                                        .resolve(home.replace('.', '/')))) {
            for (java.nio.file.Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith("Resource.class")) {
                    classes.add(Class.forName(home + "." + name.replace(".class", "")));
                }
            }
        }
        return classes;
    }

    /** Without a slash at the end and without the variables' names. */
    private static String bare(String method, String path) {
        return method.toUpperCase(Locale.ROOT)
                + " "
                + ("/" + path)
                        .replaceAll("\\{[^}]*}", "{}")
                        .replaceAll("/+", "/")
                        .replaceAll("/$", "");
    }

    private static void found(String pattern, String text, String prefix, Set<String> into) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        while (matcher.find()) {
            into.add(prefix + matcher.group(1));
        }
    }

    private static String source(String name) throws IOException {
        java.nio.file.Path module =
                java.nio.file.Path.of("").toAbsolutePath().resolveSibling("adapter-websocket");
        return Files.readString(
                module.resolve("src/main/java/com/ecleaner/chat/websocket/" + name + ".java"));
    }
}
