package com.ecleaner.chat.domain.message;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.Text;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a {@code job_update} says, as facts for clients to put into their reader's language.
 *
 * @param fields from the changed field's name to what it was and is; 1–20 of them
 */
public record JobChanges(Map<String, Change> fields) {
    /** Up to 200 characters each; empty where there was or is nothing. */
    public record Change(String from, String to) {
        public Change {
            Text.line("data", from, 0, 200);
            Text.line("data", to, 0, 200);
        }
    }

    public JobChanges {
        if (fields.isEmpty() || fields.size() > 20) {
            throw Refusal.invalid("data", "must have 1 to 20 fields");
        }
        fields.keySet().forEach(name -> Text.line("data", name, 1, 50));
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    public static JobChanges status(String from, String to) {
        return new JobChanges(Map.of("status", new Change(from, to)));
    }
}
