package com.ecleaner.chat.persistence;

import com.ecleaner.chat.domain.message.JobChanges;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a {@code job_update} says, as it stands in its column: {@code {"status":{"from","to"}}}. */
final class JobChangesText {
    private static final JsonFactory JSON = new JsonFactory();

    private JobChangesText() {}

    static String write(JobChanges changes) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            for (Map.Entry<String, JobChanges.Change> field : changes.fields().entrySet()) {
                json.writeObjectFieldStart(field.getKey());
                json.writeStringField("from", field.getValue().from());
                json.writeStringField("to", field.getValue().to());
                json.writeEndObject();
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    static JobChanges read(String text) {
        Map<String, JobChanges.Change> fields = new LinkedHashMap<>();
        try (JsonParser json = JSON.createParser(text)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                json.nextToken();
                fields.put(field, change(json));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new JobChanges(fields);
    }

    private static JobChanges.Change change(JsonParser json) throws IOException {
        String from = "";
        String to = "";
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            String value = json.nextTextValue();
            switch (name) {
                case "from" -> from = value;
                case "to" -> to = value;
                default -> json.skipChildren();
            }
        }
        return new JobChanges.Change(from, to);
    }
}
