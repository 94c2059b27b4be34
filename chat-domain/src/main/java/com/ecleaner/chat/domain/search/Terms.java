package com.ecleaner.chat.domain.search;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.Text;
import com.ecleaner.chat.domain.message.Attachment;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.user.Person;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/**
 * What somebody looks for: all of these words, in any order.
 *
 * @param words as {@link Words} cuts them, each once; at least one
 */
public record Terms(List<String> words) {
    /** The longest question, in code points. */
    public static final int MAX_LENGTH = 100;

    /** A shorter term finds beginnings of words only, a longer one any part of a word. */
    public static final int MIN_PART = 3;

    /** How well a message answers, best first. */
    public enum Tier {
        /** All terms are words of it. */
        WORDS,
        /** All terms are words of it or parts of them. */
        PARTS,
        /** All terms are in its sender's name; of those, the newest in each room is an answer. */
        SENDER
    }

    public Terms {
        words = List.copyOf(words);
        if (words.isEmpty()) {
            throw Refusal.invalid("q", "has no letter or digit to look for");
        }
    }

    /**
     * What was typed, as terms.
     *
     * @param typed 1–100 characters
     * @throws Refusal {@code invalid}, naming {@code q}
     */
    public static Terms of(String typed) {
        Text.line("q", typed, 1, MAX_LENGTH);
        return new Terms(
                List.copyOf(
                        new LinkedHashSet<>(
                                Words.cut(typed).stream().map(Words.Word::text).toList())));
    }

    /** The words by which a message is found: what it says, and what its file is called. */
    public static String wordsOf(Message message) {
        return Words.of(message.content(), message.attachment().map(Attachment::name).orElse(""));
    }

    /** The words by which a person is found. */
    public static String wordsOf(Person person) {
        return Words.of(person.username(), person.firstName());
    }

    /** Whether this term finds any part of a word, or beginnings only. */
    public static boolean findsParts(String term) {
        return Text.length(term) >= MIN_PART;
    }

    /**
     * How these words answer; nothing where they do not.
     *
     * @param cut as {@link #wordsOf(Message)} returns them
     */
    public Optional<Tier> in(String cut) {
        String all = ' ' + cut + ' ';
        if (words.stream().allMatch(term -> all.contains(' ' + term + ' '))) {
            return Optional.of(Tier.WORDS);
        }
        return words.stream().allMatch(term -> all.contains(findsParts(term) ? term : ' ' + term))
                ? Optional.of(Tier.PARTS)
                : Optional.empty();
    }
}
