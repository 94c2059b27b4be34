package com.ecleaner.chat.persistence.files;

import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.util.Arrays;

/**
 * How a picture has to be turned to stand upright: EXIF 2.3's eight, as Java's image metadata call
 * them.
 */
enum Orientation {
    UPRIGHT("Normal", 1, 0, 0, 1),
    MIRRORED("FlipH", -1, 0, 0, 1),
    UPSIDE_DOWN("Rotate180", -1, 0, 0, -1),
    MIRRORED_UPSIDE_DOWN("FlipV", 1, 0, 0, -1),
    TRANSPOSED("FlipVRotate90", 0, 1, 1, 0),
    TURN_RIGHT("Rotate270", 0, 1, -1, 0),
    TRANSVERSED("FlipHRotate90", 0, -1, -1, 0),
    TURN_LEFT("Rotate90", 0, -1, 1, 0);

    private final String name;
    private final int xx;
    private final int yx;
    private final int xy;
    private final int yy;

    /** The matrix as {@link AffineTransform} takes it; where it moves to follows from the size. */
    Orientation(String name, int xx, int yx, int xy, int yy) {
        this.name = name;
        this.xx = xx;
        this.yx = yx;
        this.xy = xy;
        this.yy = yy;
    }

    static Orientation called(String name) {
        return Arrays.stream(values()).filter(o -> o.name.equals(name)).findFirst().orElse(UPRIGHT);
    }

    /** The picture upright, in sRGB, with transparency where it has some. */
    BufferedImage upright(BufferedImage picture) {
        int width = picture.getWidth();
        int height = picture.getHeight();
        boolean onItsSide = xx == 0;
        boolean seeThrough = picture.getColorModel().hasAlpha();
        BufferedImage upright =
                new BufferedImage(
                        onItsSide ? height : width,
                        onItsSide ? width : height,
                        seeThrough ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB);
        Graphics2D canvas = upright.createGraphics();
        try {
            canvas.drawImage(
                    picture,
                    new AffineTransform(
                            xx,
                            yx,
                            xy,
                            yy,
                            Math.max(0, -xx) * (double) width + Math.max(0, -xy) * (double) height,
                            Math.max(0, -yx) * (double) width + Math.max(0, -yy) * (double) height),
                    null);
        } finally {
            canvas.dispose();
        }
        return upright;
    }
}
