package com.ecleaner.chat.persistence.files;

import com.ecleaner.chat.domain.Refusal;

import org.w3c.dom.Node;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.FileImageOutputStream;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.ImageOutputStream;

/**
 * Writes a GIF anew, moving as it moved: its frames one by one, with where and how long they are
 * shown, and whether it begins again. Comments, texts and other programs' extensions are left out.
 */
final class GifFrames {
    private static final int MAX_FRAMES = 1_000;

    /** Of all frames together. */
    private static final long MAX_PIXELS = 200_000_000;

    private static final String STREAM = "javax_imageio_gif_stream_1.0";
    private static final String IMAGE = "javax_imageio_gif_image_1.0";

    private final ImageReader reader;
    private final ImageWriter writer;
    private final int width;
    private final int height;

    private GifFrames(ImageReader reader, ImageWriter writer, int width, int height) {
        this.reader = reader;
        this.writer = writer;
        this.width = width;
        this.height = height;
    }

    /** Takes what is seen first. */
    interface First {
        void take(BufferedImage picture) throws IOException;
    }

    /**
     * Writes the GIF.
     *
     * @param drawn the most that a frame may take in memory, in bytes
     * @throws Refusal {@code invalid}
     */
    static Pictures.Written rewrite(Path from, Path to, long drawn, First first)
            throws IOException {
        ImageReader reader = PictureKind.GIF.reader();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
        try (ImageInputStream in = new FileImageInputStream(from.toFile());
                ImageOutputStream out = new FileImageOutputStream(to.toFile())) {
            reader.setInput(in, false, false);
            writer.setOutput(out);
            IIOMetadataNode screen =
                    child(reader.getStreamMetadata().getAsTree(STREAM), "LogicalScreenDescriptor")
                            .orElseThrow(() -> new IOException("no screen"));
            int width = number(screen, "logicalScreenWidth");
            int height = number(screen, "logicalScreenHeight");
            Pictures.requirePixels(width, height, Math.min(Pictures.MAX_PIXELS, drawn / 4));
            new GifFrames(reader, writer, width, height).copy(first);
            return new Pictures.Written("image/gif", width, height);
        } finally {
            reader.dispose();
            writer.dispose();
        }
    }

    private void copy(First first) throws IOException {
        int frames = reader.getNumImages(true);
        if (frames > MAX_FRAMES) {
            throw tooLong();
        }
        writer.prepareWriteSequence(screen());
        long pixels = 0;
        for (int i = 0; i < frames; i++) {
            long area = (long) reader.getWidth(i) * reader.getHeight(i);
            pixels += area;
            Pictures.requirePixels(reader.getWidth(i), reader.getHeight(i), (long) width * height);
            if (pixels > MAX_PIXELS) {
                throw tooLong();
            }
            IIOMetadataNode said = (IIOMetadataNode) reader.getImageMetadata(i).getAsTree(IMAGE);
            BufferedImage frame = reader.read(i);
            if (i == 0) {
                first.take(onScreen(frame, said));
            }
            try {
                writer.writeToSequence(new IIOImage(frame, null, kept(frame, said, i == 0)), null);
            } catch (IOException e) {
                throw Pictures.CannotWrite.of(e);
            }
        }
        writer.endWriteSequence();
    }

    private static Refusal tooLong() {
        return Refusal.invalid("file", "is too long a moving picture");
    }

    private IIOMetadata screen() throws IOException {
        IIOMetadata screen = writer.getDefaultStreamMetadata(null);
        IIOMetadataNode tree = (IIOMetadataNode) screen.getAsTree(STREAM);
        IIOMetadataNode size =
                child(tree, "LogicalScreenDescriptor").orElseThrow(IllegalStateException::new);
        size.setAttribute("logicalScreenWidth", Integer.toString(width));
        size.setAttribute("logicalScreenHeight", Integer.toString(height));
        screen.setFromTree(STREAM, tree);
        return screen;
    }

    /** The frame where the screen shows it: a first frame need not fill it. */
    private BufferedImage onScreen(BufferedImage frame, IIOMetadataNode said) {
        BufferedImage screen = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
        Graphics2D canvas = screen.createGraphics();
        try {
            IIOMetadataNode place = child(said, "ImageDescriptor").orElseThrow();
            canvas.drawImage(
                    frame,
                    number(place, "imageLeftPosition"),
                    number(place, "imageTopPosition"),
                    null);
        } finally {
            canvas.dispose();
        }
        return screen;
    }

    /** Of what was said about a frame, its place, its time, and the wish to begin again. */
    private IIOMetadata kept(BufferedImage frame, IIOMetadataNode said, boolean first)
            throws IOException {
        IIOMetadata kept =
                writer.getDefaultImageMetadata(
                        ImageTypeSpecifier.createFromRenderedImage(frame), null);
        Node written = kept.getAsTree(IMAGE);
        // All are found before one is moved: moving one breaks the list that it was in.
        List<Optional<? extends Node>> parts =
                List.of(
                        child(said, "ImageDescriptor"),
                        child(written, "LocalColorTable"),
                        child(said, "GraphicControlExtension"),
                        child(said, "ApplicationExtensions")
                                .filter(extensions -> first)
                                .flatMap(GifFrames::loop));
        IIOMetadataNode tree = new IIOMetadataNode(IMAGE);
        parts.forEach(part -> part.ifPresent(tree::appendChild));
        kept.setFromTree(IMAGE, tree);
        return kept;
    }

    /** How often it is shown: the one extension that browsers know. */
    private static Optional<Node> loop(IIOMetadataNode extensions) {
        for (Node one = extensions.getFirstChild(); one != null; one = one.getNextSibling()) {
            IIOMetadataNode extension = (IIOMetadataNode) one;
            if (extension.getAttribute("applicationID").equals("NETSCAPE")
                    && extension.getUserObject() instanceof byte[] times
                    && times.length >= 3) {
                IIOMetadataNode kept = new IIOMetadataNode("ApplicationExtension");
                kept.setAttribute("applicationID", "NETSCAPE");
                kept.setAttribute("authenticationCode", "2.0");
                kept.setUserObject(new byte[] {1, times[1], times[2]});
                IIOMetadataNode all = new IIOMetadataNode("ApplicationExtensions");
                all.appendChild(kept);
                return Optional.of(all);
            }
        }
        return Optional.empty();
    }

    private static Optional<IIOMetadataNode> child(Node tree, String name) {
        for (Node one = tree.getFirstChild(); one != null; one = one.getNextSibling()) {
            if (one.getNodeName().equals(name)) {
                return Optional.of((IIOMetadataNode) one);
            }
        }
        return Optional.empty();
    }

    private static int number(IIOMetadataNode node, String attribute) {
        return Integer.parseInt(node.getAttribute(attribute));
    }
}
