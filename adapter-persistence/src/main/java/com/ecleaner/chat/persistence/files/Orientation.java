package com.ecleaner.chat.persistence.files;

import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;

/** How a picture has to be turned to stand upright: EXIF 2.3's eight, in its order. */
enum Orientation {
    UPRIGHT(1, 0, 0, 1),
    MIRRORED(-1, 0, 0, 1),
    UPSIDE_DOWN(-1, 0, 0, -1),
    MIRRORED_UPSIDE_DOWN(1, 0, 0, -1),
    TRANSPOSED(0, 1, 1, 0),
    TURN_RIGHT(0, 1, -1, 0),
    TRANSVERSED(0, -1, -1, 0),
    TURN_LEFT(0, -1, 1, 0);

    private final int xx;
    private final int yx;
    private final int xy;
    private final int yy;

    /** The matrix as {@link AffineTransform} takes it; where it moves to follows from the size. */
    Orientation(int xx, int yx, int xy, int yy) {
        this.xx = xx;
        this.yx = yx;
        this.xy = xy;
        this.yy = yy;
    }

    /** By EXIF's number, 1–8; whatever else is said means nothing. */
    static Orientation numbered(int number) {
        return number >= 1 && number <= values().length ? values()[number - 1] : UPRIGHT;
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
