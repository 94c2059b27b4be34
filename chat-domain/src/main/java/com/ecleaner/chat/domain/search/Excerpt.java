package com.ecleaner.chat.domain.search;

import com.ecleaner.chat.domain.Text;
import com.ecleaner.chat.domain.message.Attachment;
import com.ecleaner.chat.domain.message.Message;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What is shown of a message that was found: plain text, in which what matched is marked by places
 * and not by signs, so that nothing anybody wrote can pass for a mark.
 *
 * @param text at most {@link #MAX_LENGTH} code points and two ellipses, in one line
 * @param marks what matched, in order and apart from each other
 */
public record Excerpt(String text, List<Mark> marks) {
    /** The most that is shown, in code points. */
    public static final int MAX_LENGTH = 160;

    /** How much is shown before the first mark, in code points, where there is more of it. */
    private static final int BEFORE = 40;

    /** A stretch of the excerpt: chars (UTF-16) {@code from}, included, to {@code to}, excluded. */
    public record Mark(int from, int to) {}

    public Excerpt {
        marks = List.copyOf(marks);
    }

    /** Of what the message says; where that does not match, of its file's name where that does. */
    public static Excerpt of(Message message, Terms terms) {
        Excerpt said = of(message.content(), terms);
        String file = message.attachment().map(Attachment::name).orElse("");
        if (!said.marks.isEmpty() || file.isEmpty()) {
            return said;
        }
        Excerpt named = of(file, terms);
        return named.marks.isEmpty() && !said.text.isEmpty() ? said : named;
    }

    static Excerpt of(String text, Terms terms) {
        String line = text.replace('\n', ' ').replace('\r', ' ').replace('\t', ' ');
        List<Mark> marks = marks(line, terms);
        if (Text.length(line) <= MAX_LENGTH) {
            return new Excerpt(line, marks);
        }
        int from = start(line, marks.isEmpty() ? 0 : marks.getFirst().from());
        int to = line.offsetByCodePoints(from, Math.min(MAX_LENGTH, rest(line, from)));
        String before = from > 0 ? "…" : "";
        String after = to < line.length() ? "…" : "";
        int shift = before.length() - from;
        return new Excerpt(
                before + line.substring(from, to) + after,
                marks.stream()
                        .filter(mark -> mark.from() < to)
                        .map(m -> new Mark(m.from() + shift, Math.min(m.to(), to) + shift))
                        .toList());
    }

    /** A little before the first mark, at the beginning of a word if there is one near. */
    private static int start(String line, int mark) {
        int end = line.length();
        if (Text.length(line.substring(mark)) <= MAX_LENGTH - BEFORE) {
            return line.offsetByCodePoints(end, -MAX_LENGTH);
        }
        if (line.codePointCount(0, mark) <= BEFORE) {
            return 0;
        }
        int from = line.offsetByCodePoints(mark, -BEFORE);
        int space = line.indexOf(' ', from);
        return space >= 0 && space < mark ? space + 1 : from;
    }

    private static int rest(String line, int from) {
        return line.codePointCount(from, line.length());
    }

    private static List<Mark> marks(String line, Terms terms) {
        List<Mark> found = new ArrayList<>();
        for (Words.Word word : Words.cut(line)) {
            for (String term : terms.words()) {
                boolean parts = Terms.findsParts(term);
                int at = word.text().indexOf(term);
                while (at >= 0 && (parts || at == 0)) {
                    found.add(new Mark(word.starts()[at], word.ends()[at + term.length() - 1]));
                    at = word.text().indexOf(term, at + term.length());
                }
            }
        }
        found.sort(Comparator.comparingInt(Mark::from));
        List<Mark> apart = new ArrayList<>();
        for (Mark mark : found) {
            if (!apart.isEmpty() && mark.from() <= apart.getLast().to()) {
                Mark last = apart.removeLast();
                apart.add(new Mark(last.from(), Math.max(last.to(), mark.to())));
            } else {
                apart.add(mark);
            }
        }
        return apart;
    }
}
