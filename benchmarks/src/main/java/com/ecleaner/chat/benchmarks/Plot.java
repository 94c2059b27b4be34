package com.ecleaner.chat.benchmarks;

import java.util.ArrayList;
import java.util.List;

/**
 * A figure as SVG: bars that lie, each made of parts. Small, readable in light and dark pages, and
 * the same bytes for the same figures.
 *
 * @param title above it
 * @param unit of all numbers
 * @param parts what the colours mean, in order
 */
record Plot(String title, String unit, List<String> parts, List<Bar> bars) {
    private static final List<String> COLOURS = List.of("#3b7dd8", "#e08e2b", "#58a55c");
    private static final int LEFT = 190;
    private static final int WIDTH = 460;
    private static final int STEP = 30;

    /**
     * One bar.
     *
     * @param values as many as there are parts, none negative
     */
    record Bar(String name, List<Double> values) {
        double sum() {
            return values.stream().mapToDouble(Double::doubleValue).sum();
        }
    }

    String svg() {
        int height = 70 + bars.size() * STEP;
        double most = bars.stream().mapToDouble(Bar::sum).max().orElse(1);
        List<String> svg = new ArrayList<>();
        svg.add(
                """
                <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" \
                viewBox="0 0 %d %d" font-family="sans-serif" font-size="13" fill="#777">\
                """
                        .formatted(LEFT + WIDTH + 90, height, LEFT + WIDTH + 90, height));
        svg.add(text(10, 20, "font-weight=\"bold\"", title + ", " + unit));
        for (int i = 0; i < parts.size() && parts.size() > 1; i++) {
            svg.add(box(LEFT + i * 130, 30, 12, 12, i));
            svg.add(text(LEFT + 18 + i * 130, 41, "", parts.get(i)));
        }
        for (int i = 0; i < bars.size(); i++) {
            Bar bar = bars.get(i);
            int top = 55 + i * STEP;
            svg.add(text(LEFT - 8, top + 15, "text-anchor=\"end\"", bar.name()));
            double at = LEFT;
            for (int part = 0; part < bar.values().size(); part++) {
                double wide = bar.values().get(part) / most * WIDTH;
                svg.add(box(at, top, wide, 20, part));
                at += wide;
            }
            svg.add(text(at + 6, top + 15, "", Report.number(bar.sum())));
        }
        svg.add("</svg>");
        return String.join("\n", svg) + "\n";
    }

    private static String box(double x, double y, double width, double height, int part) {
        return "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>"
                .formatted(x, y, width, height, COLOURS.get(part % COLOURS.size()));
    }

    private static String text(double x, double y, String more, String text) {
        String escaped = text.replace("&", "&amp;").replace("<", "&lt;");
        return "<text x=\"%.1f\" y=\"%.1f\" %s>%s</text>".formatted(x, y, more, escaped);
    }
}
