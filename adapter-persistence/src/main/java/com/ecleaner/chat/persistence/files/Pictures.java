package com.ecleaner.chat.persistence.files;

import com.ecleaner.chat.domain.Refusal;

import net.coobird.thumbnailator.Thumbnails;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.awt.image.BufferedImage;
import java.awt.image.RenderedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import javax.imageio.IIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.FileImageOutputStream;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.ImageOutputStream;

/**
 * Writes pictures anew, from their pixels alone. What is bounded here is what a picture may cost:
 * its size is read from its header and refused before anything is drawn, a large one is drawn
 * coarser, and few are drawn at once, on threads of their own so that the chat goes on meanwhile.
 * Thread-safe.
 */
final class Pictures implements AutoCloseable {
    /** The largest picture that is looked at: what phones take at most by default. */
    static final long MAX_PIXELS = 50_000_000;

    /** Of pictures whose readers keep them in memory as a whole, several times over. */
    static final long MAX_HELD_PIXELS = 25_000_000;

    /** The longer side of a thumbnail, in pixels. */
    static final int SMALL = 480;

    private static final Logger LOG = LoggerFactory.getLogger(Pictures.class);

    private static final int MAX_SCANS = 100;
    private static final int WAITING = 64;
    private static final float WHOLE_QUALITY = 0.88f;
    private static final float SMALL_QUALITY = 0.8f;

    /** What one picture may take while it is drawn, in bytes; its copies take as much again. */
    private final long drawn;

    private final ThreadPoolExecutor threads;

    /** A picture as it was written. */
    record Written(String contentType, int width, int height) {}

    /**
     * Takes its bounds from the memory there is.
     *
     * @param memory the most this process may use, in bytes
     */
    Pictures(long memory, int processors) {
        drawn = Math.clamp(memory / 16, 8L << 20, 64L << 20);
        int atOnce = Math.clamp(memory / 3 / (3 * drawn), 1, Math.max(1, processors / 2));
        threads =
                new ThreadPoolExecutor(
                        atOnce,
                        atOnce,
                        10,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(WAITING),
                        Thread.ofPlatform().daemon().name("pictures-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Draws the picture and writes it to {@code whole}, and its thumbnail to {@code small}.
     *
     * @throws Refusal {@code invalid} naming {@code file}, {@code unavailable}
     */
    Written rewrite(PictureKind kind, Path from, Path whole, Path small) {
        Future<Written> written;
        try {
            written = threads.submit(() -> draw(kind, from, whole, small));
        } catch (RejectedExecutionException e) {
            throw Refusal.unavailable("too many pictures at once, try again");
        }
        try {
            return written.get();
        } catch (InterruptedException e) {
            written.cancel(false);
            Thread.currentThread().interrupt();
            throw Refusal.unavailable("the server is stopping");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw refusal(cause == null ? e : cause);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private static RuntimeException refusal(Throwable fault) {
        return switch (fault) {
            case Refusal refusal -> refusal;
            case CannotWrite full -> Folder.full();
            case OutOfMemoryError error -> {
                LOG.warn("No memory for a picture");
                yield Refusal.unavailable("the picture could not be read now, try again");
            }
            // Readers throw whatever comes of broken bytes.
            case IOException broken -> unreadable(broken);
            case RuntimeException broken -> unreadable(broken);
            case Error error -> throw error;
            default -> new IllegalStateException(fault);
        };
    }

    private static Refusal unreadable(Exception broken) {
        LOG.debug("A picture could not be read", broken);
        return Refusal.invalid("file", "is no picture that can be read");
    }

    private Written draw(PictureKind kind, Path from, Path whole, Path small) throws IOException {
        if (kind == PictureKind.GIF) {
            return GifFrames.rewrite(from, whole, drawn, first -> thumbnail(first, "png", small));
        }
        BufferedImage picture = read(kind, from);
        String format =
                kind == PictureKind.PNG || picture.getColorModel().hasAlpha() ? "png" : "jpeg";
        write(picture, format, WHOLE_QUALITY, whole);
        thumbnail(picture, format, small);
        return new Written("image/" + format, picture.getWidth(), picture.getHeight());
    }

    private BufferedImage read(PictureKind kind, Path from) throws IOException {
        ImageReader reader = kind.reader();
        try (ImageInputStream in = new FileImageInputStream(from.toFile())) {
            Orientation orientation = Exif.orientation(kind, in);
            // PNG's texts are packed, without a bound on what comes out: nobody looks at them.
            reader.setInput(in, false, true);
            int width = reader.getWidth(0);
            int height = reader.getHeight(0);
            requirePixels(width, height, held(kind, from) ? MAX_HELD_PIXELS : MAX_PIXELS);
            int step = step(width, height, bytesPerPixel(reader));
            ImageReadParam how = reader.getDefaultReadParam();
            how.setSourceSubsampling(step, step, 0, 0);
            return orientation.upright(reader.read(0, how));
        } finally {
            reader.dispose();
        }
    }

    private static boolean held(PictureKind kind, Path from) throws IOException {
        if (kind != PictureKind.JPEG) {
            return kind == PictureKind.WEBP;
        }
        JpegScans scans = JpegScans.of(from);
        if (scans.count() > MAX_SCANS) {
            throw Refusal.invalid("file", "is no picture that can be read");
        }
        return scans.progressive();
    }

    static void requirePixels(long width, long height, long most) {
        if (width < 1 || height < 1 || width * height > most) {
            throw Refusal.invalid(
                    "file", "is too large a picture: at most " + most / 1_000_000 + " megapixels");
        }
    }

    /** So that the picture fits: every pixel, every second in every second row, … */
    private int step(long width, long height, int bytesPerPixel) {
        int step = 1;
        while ((width / step + 1) * (height / step + 1) * bytesPerPixel > drawn) {
            step++;
        }
        return step;
    }

    private static int bytesPerPixel(ImageReader reader) throws IOException {
        ImageTypeSpecifier raw = reader.getRawImageType(0);
        return raw == null ? 4 : Math.max(3, (raw.getColorModel().getPixelSize() + 7) / 8);
    }

    private static void thumbnail(BufferedImage picture, String format, Path to)
            throws IOException {
        double shrink =
                Math.min(1, SMALL / (double) Math.max(picture.getWidth(), picture.getHeight()));
        BufferedImage small =
                shrink == 1
                        ? picture
                        : Thumbnails.of(picture)
                                .forceSize(
                                        (int) Math.max(1, Math.round(picture.getWidth() * shrink)),
                                        (int) Math.max(1, Math.round(picture.getHeight() * shrink)))
                                .asBufferedImage();
        write(small, format, SMALL_QUALITY, to);
    }

    private static void write(RenderedImage picture, String format, float quality, Path to)
            throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
        try (ImageOutputStream out = new FileImageOutputStream(to.toFile())) {
            writer.setOutput(out);
            ImageWriteParam how = writer.getDefaultWriteParam();
            if (format.equals("jpeg")) {
                how.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
                how.setCompressionQuality(quality);
            }
            writer.write(null, new IIOImage(picture, null, null), how);
        } catch (IOException e) {
            throw CannotWrite.of(e);
        } finally {
            writer.dispose();
        }
    }

    /** The disk's fault, not the picture's. */
    static final class CannotWrite extends IOException {
        private static final long serialVersionUID = 1L;

        private CannotWrite(IOException cause) {
            super(cause);
        }

        /** Writers wrap what the disk says, and say themselves what they cannot write. */
        static IOException of(IOException said) {
            return said instanceof IIOException && !(said.getCause() instanceof IOException)
                    ? said
                    : new CannotWrite(said);
        }
    }
}
